BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $PSScriptRoot '../Fixtures/mesh/canary.yaml'
}

Describe 'Get-MeshTrafficSplit' {
    It 'shows the shares of each route' {
        $splits = Get-MeshTrafficSplit tenant -SnapshotPath $mesh

        $splits.Route | Should-BeCollection @(0, 1, 2)
        $splits[0].Headers['x-canary'] | Should-Be 'true'
        $splits[1].Shares.Percent | Should-BeCollection @(50, 25, 25, 0)
        $splits[1].Shares.ReadyEndpoints | Should-BeCollection @(2, 1, 0, 3)
        $splits[1].Mirrors.Percent | Should-Be 12.5
        "$($splits[1].Owners)" | Should-Be 'ArgoCD'
        "$($splits[1].Warnings)" | Should-MatchString 'v3 25%'
    }

    It 'takes wildcards' {
        @(Get-MeshTrafficSplit ten* -Namespace s* -SnapshotPath $mesh).Count | Should-Be 3
        Get-MeshTrafficSplit -Namespace other* -SnapshotPath $mesh | Should-BeNull
    }

    It 'has a view' {
        Get-MeshTrafficSplit -SnapshotPath $mesh | Out-String -Width 200 | Should-MatchString 'v1 50%, v2 25%'
    }

    It 'has a wide view, with the hosts of each route' {
        Get-MeshTrafficSplit -SnapshotPath $mesh | Format-Table -View Wide | Out-String -Width 260 | Should-MatchString '(?s)HOSTS.+v1 50%, v2 25%'
    }

    It 'says that a path is not there' {
        { Get-MeshTrafficSplit -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
