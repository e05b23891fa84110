BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $PSScriptRoot '../Fixtures/mesh/callers.yaml'
}

Describe 'Get-MeshTimeout' {
    It 'shows each route of a service in order' {
        $routes = Get-MeshTimeout tenant -SnapshotPath $mesh

        "$($routes.Match)" | Should-Be '/report* *'
        "$($routes.Timeout.TotalSeconds)" | Should-Be '60 30'
        "$($routes.Tries)" | Should-Be '1 4'
        "$($routes[1].RetryOn)" | Should-Be 'gateway-error retriable-status-codes 503'
        "$($routes[1].Clients)" | Should-Be 'shop'
    }

    It 'says that tries do not fit into the time-out' {
        $route = Get-MeshTimeout tenant -Namespace shop -Port 80 -SnapshotPath $mesh | Where-Object Reasons

        $route.LongestDuration.TotalSeconds | Should-Be 30
        "$($route.Reasons)" | Should-MatchString '4 tries of 10 s'
    }

    It 'has none for a client that is not there' {
        Get-MeshTimeout -SnapshotPath $mesh -Client nobody | Should-BeNull
    }

    It 'writes rows under headings' {
        (Get-MeshTimeout -SnapshotPath $mesh | Out-String -Width 200) | Should-MatchString 'TRIES'
    }

    It 'says that a path is not there' {
        { Get-MeshTimeout -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } | Should-Throw
    }
}
