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

Describe 'Test-MeshTls' {
    It 'judges files' {
        $verdict = Test-MeshTls -SnapshotPath $folder

        $verdict.Service | Should-Be 'tenant'
        $verdict.Status.ToString() | Should-Be 'Secured'
        $verdict.Outside.ToString() | Should-Be 'Plaintext'
    }

    It 'tells who breaks when a namespace becomes STRICT' {
        $broken = Test-MeshTls -SnapshotPath $folder -AssumeStrict shop -Client * | Where-Object Status -EQ Broken

        $broken.Clients | Should-BeCollection @('legacy (no sidecar)')
        $broken.Fix | Should-BeLikeString '*sidecar*'
    }

    It 'answers with a boolean' {
        Test-MeshTls -SnapshotPath $folder -Quiet | Should-BeTrue
        Test-MeshTls -SnapshotPath $folder -Client legacy -Quiet | Should-BeFalse
    }

    It 'takes wildcards and ports' {
        Test-MeshTls ten* -SnapshotPath $folder -Port 80 | Should-NotBeNull
        Test-MeshTls ten* -SnapshotPath $folder -Port 81 | Should-BeNull
    }
}
