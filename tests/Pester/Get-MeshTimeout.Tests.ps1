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

    It 'answers for hosts of ServiceEntries' {
        $file = Join-Path $TestDrive 'entry.yaml'
        Set-Content -Path $file -Value @'
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
'@

        $route = Get-MeshTimeout api.* -SnapshotPath $file

        $route.Service | Should-Be 'api.example.com'
        "$($route.Destinations)" | Should-Be 'api.example.com:80'
        (Test-MeshTls api.example.com -SnapshotPath $file).Status.ToString() | Should-Be 'Plaintext'
        Test-MeshTls -Quiet -SnapshotPath $file | Should-BeTrue
    }

    It 'writes rows under headings' {
        (Get-MeshTimeout -SnapshotPath $mesh | Out-String -Width 200) | Should-MatchString 'TRIES'
    }

    It 'says that a path is not there' {
        { Get-MeshTimeout -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
