BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $TestDrive 'mesh.yaml'
    Set-Content $mesh @'
apiVersion: v1
kind: Pod
metadata: { name: crm-1, namespace: voicecore-ai, labels: { app: crm, security.istio.io/tlsMode: istio } }
spec: { serviceAccountName: crm, containers: [{ name: crm, image: x }] }
status: { phase: Running }
'@
}

Describe 'Test-MeshDependency' {
    It 'names a caller that is not listed' {
        $changes = Test-MeshDependency -SnapshotPath $mesh

        ($changes | Where-Object Service -EQ 'voicecore-ai/billing').IsCutOff | Should-BeTrue
        $changes.Service | Should-NotContainCollection 'voicecore-ai/tenant'
    }

    It 'shows every caller and port with -All' {
        (Test-MeshDependency -SnapshotPath $mesh -All).Count | Should-Be 8
    }

    It 'gives a boolean with -Quiet' {
        Test-MeshDependency -SnapshotPath $mesh -Quiet | Should-BeFalse
    }

    It 'says that nobody could be judged where no pod runs' {
        $none = Join-Path $TestDrive 'none.yaml'
        Set-Content $none "apiVersion: v1`nkind: Namespace`nmetadata: { name: voicecore-ai }"

        Test-MeshDependency -SnapshotPath $none -WarningVariable warnings -WarningAction SilentlyContinue | Should-BeNull
        "$warnings" | Should-MatchString 'No pod runs'
        Test-MeshDependency -SnapshotPath $none -Quiet -WarningAction SilentlyContinue | Should-BeFalse
    }

    It 'says that a snapshot is not there' {
        { Test-MeshDependency -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
