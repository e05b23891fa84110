BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'policies.yaml'
}

Describe 'Resolve-MeshPolicy' {
    It 'shows which DestinationRule is kept and why others are not' {
        $rules = Resolve-MeshPolicy tenant -Kind DestinationRule -Client web -SnapshotPath $mesh

        ($rules | Where-Object Kept).Name | Should-Be 'everything'
        ($rules | Where-Object Name -EQ 'tenant').Cause | Should-Be 'CloserNamespace'
        ($rules | Where-Object Name -EQ 'tenant').Reason | Should-MatchString 'web/everything'
    }

    It 'takes service, port and clients from a verdict' {
        $policies = Test-MeshTls -SnapshotPath $mesh | Resolve-MeshPolicy -Kind PeerAuthentication -SnapshotPath $mesh

        ($policies | Where-Object Kept).Effect | Select-Object -Unique | Should-Be 'DISABLE'
    }

    It 'takes a workload' {
        $policies = Get-MeshWorkload tenant* -SnapshotPath $mesh | Resolve-MeshPolicy -Kind AuthorizationPolicy -SnapshotPath $mesh

        ($policies | Where-Object Kept).Name | Should-Be 'callers'
        ($policies | Where-Object Cause -EQ DryRun).Name | Should-Be 'trial'
    }

    It 'shows a table like kubectl' {
        $text = Resolve-MeshPolicy tenant -Kind Sidecar -Client web -SnapshotPath $mesh | Out-String -Width 200

        $text | Should-MatchString 'KIND +POLICY +KEPT +EFFECT +REASON'
        $text | Should-MatchString 'Service: shop/tenant:80 from web'
    }

    It 'says that a service is not there' {
        { Resolve-MeshPolicy absent -SnapshotPath $mesh -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'MeshServiceNotFound*'
    }
}
