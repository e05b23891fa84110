BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $PSScriptRoot '../Fixtures/mesh/callers.yaml'
}

Describe 'Get-MeshCircuitBreaker' {
    It 'shows limits and why they cannot work' {
        $breaker = Get-MeshCircuitBreaker -SnapshotPath $mesh

        $breaker.MaxConnections | Should-Be 100
        $breaker.DestinationRule | Should-Be 'shop/tenant'
        $breaker.State.ToString() | Should-Be 'Partial'
        "$($breaker.Reasons)" | Should-MatchString 'http2MaxRequests'
    }

    It 'has none for a client that is not there' {
        Get-MeshCircuitBreaker -SnapshotPath $mesh -Client nobody | Should-BeNull
    }

    It 'says that a path is not there' {
        { Get-MeshCircuitBreaker -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
