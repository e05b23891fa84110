BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $folder = Join-Path $TestDrive 'mesh'
    $null = New-Item -ItemType Directory $folder
    @'
apiVersion: v1
kind: Service
metadata: { name: tenant, namespace: shop }
spec: { clusterIP: 10.1.0.1, selector: { app: tenant }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: tenant-1, namespace: shop, labels: { kubernetes.io/service-name: tenant } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: [10.0.0.1], conditions: { ready: true }, targetRef: { kind: Pod, name: tenant-1, namespace: shop } }]
---
apiVersion: v1
kind: Pod
metadata: { name: tenant-1, namespace: shop, labels: { app: tenant, security.istio.io/tlsMode: istio } }
spec: { containers: [{ name: app, image: app }] }
status: { phase: Running, podIP: 10.0.0.1 }
---
apiVersion: v1
kind: Pod
metadata: { name: old-1, namespace: legacy, labels: { app: old } }
spec: { containers: [{ name: app, image: app }] }
status: { phase: Running, podIP: 10.0.0.2 }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: tenant, namespace: shop }
spec: { host: tenant, trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } }, outlierDetection: { maxEjectionPercent: 50 } } }
'@ | Set-Content (Join-Path $folder 'mesh.yaml')
}

Describe 'Get-MeshCircuitBreaker' {
    It 'shows limits and why they cannot work' {
        $breaker = Get-MeshCircuitBreaker -SnapshotPath $folder

        $breaker.MaxConnections | Should-Be 100
        $breaker.DestinationRule | Should-Be 'shop/tenant'
        $breaker.State.ToString() | Should-Be 'Partial'
        "$($breaker.Reasons)" | Should-MatchString 'http2MaxRequests'
    }

    It 'has none for a client that is not there' {
        Get-MeshCircuitBreaker -SnapshotPath $folder -Client nobody | Should-BeNull
    }

    It 'says that a path is not there' {
        { Get-MeshCircuitBreaker -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } | Should-Throw
    }
}
