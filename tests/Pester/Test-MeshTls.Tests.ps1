BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $PSScriptRoot '../Fixtures/mesh/callers.yaml'
}

Describe 'Test-MeshTls' {
    It 'judges files' {
        $verdict = Test-MeshTls -SnapshotPath $mesh

        $verdict.Service | Should-Be 'tenant'
        $verdict.Status.ToString() | Should-Be 'Secured'
        $verdict.Outside.ToString() | Should-Be 'Plaintext'
    }

    It 'tells who breaks when a namespace becomes STRICT' {
        $broken = Test-MeshTls -SnapshotPath $mesh -AssumeStrict shop -Client * | Where-Object Status -EQ Broken

        $broken.Clients | Should-BeCollection @('legacy (no sidecar)')
        $broken.Fix | Should-BeLikeString '*sidecar*'
    }

    It 'answers with a boolean' {
        Test-MeshTls -SnapshotPath $mesh -Quiet | Should-BeTrue
        Test-MeshTls -SnapshotPath $mesh -Client legacy -Quiet | Should-BeFalse
    }

    It 'warns that a cluster has no Istio, and explains gateways' {
        $sandbox = Start-MeshSandbox -Name pester-tls
        try {
            $sandbox | Test-MeshTls -WarningVariable warnings -WarningAction SilentlyContinue | Should-BeNull
            "$warnings" | Should-BeLikeString "*serves none of Istio's kinds*"

            $null = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore
            $gateway = $sandbox | Test-MeshTls -Service istio-ingressgateway -Port 80
            $gateway.Reason | Should-BeLikeString 'The endpoint is a gateway*'
            $gateway.Fix | Should-BeNull
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }

    It 'takes wildcards and ports' {
        Test-MeshTls ten* -SnapshotPath $mesh -Port 80 | Should-NotBeNull
        Test-MeshTls ten* -SnapshotPath $mesh -Port 81 | Should-BeNull
    }
}
