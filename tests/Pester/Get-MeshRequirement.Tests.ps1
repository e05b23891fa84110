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

Describe 'Get-MeshRequirement' {
    It 'judges the seven requirements of the runbook' {
        (Get-MeshRequirement -SnapshotPath $mesh).Id | Should-BeCollection '1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7'
    }

    It 'takes numbers with wildcards' {
        (Get-MeshRequirement 1.6 -SnapshotPath $mesh).Title | Should-Be 'Zero trust'
        (Get-MeshRequirement -Id '*.1', 1.7 -SnapshotPath $mesh).Id | Should-BeCollection '1.1', '1.7'
    }

    It 'shows what was looked at' {
        $requirement = Get-MeshRequirement 1.6 -SnapshotPath $mesh

        $requirement.Status | Should-Be 'NotSatisfied'
        # Nothing keeps anybody out of a mesh without policies.
        $piece = $requirement.Evidence | Where-Object Status -EQ 'NotSatisfied' | Select-Object -First 1
        $piece.Object, $piece.Expected, $piece.Actual | Should-BeCollection 'Service voicecore-ai/gateway', 'Deny', 'Allow'
        $requirement.Objects | Should-ContainCollection 'Service voicecore-ai/billing'
    }

    It 'completes the numbers' {
        $line = 'Get-MeshRequirement -Id 1.'
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should-ContainCollection '1.6'
    }

    It 'says that a snapshot is not there' {
        { Get-MeshRequirement -SnapshotPath (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
