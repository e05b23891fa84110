BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Test-MeshInstallation' {
    It 'says that there is no kubeconfig' {
        { Test-MeshInstallation -Kubeconfig (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'KubeconfigNotFound*'
    }

    It 'takes Context, Kubeconfig and DefinitionPath from the pipeline' {
        $parameters = (Get-Command Test-MeshInstallation).Parameters

        foreach ($name in 'Context', 'Kubeconfig', 'DefinitionPath') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should-ContainCollection $true
        }
    }

    It 'finds no mesh in an empty cluster, and everything in order once one is installed' {
        $definition = Join-Path $TestDrive 'mesh.yaml'
        $null = New-MeshDefinition -Path $definition
        $sandbox = Start-MeshSandbox -Name pester-verify
        try {
            $sandbox | Test-MeshInstallation -Quiet | Should-BeFalse
            ($sandbox | Test-MeshInstallation | Where-Object Check -EQ 'Readiness').Status | Should-Be 'Failed'

            $null = $sandbox | Install-VoiceCoreMesh -DefinitionPath $definition -Confirm:$false -WarningAction Ignore
            $sandbox | Test-MeshInstallation -DefinitionPath $definition | Should-All { "$($_.Status)" -eq 'Ok' }
            $sandbox | Test-MeshInstallation -Quiet | Should-BeTrue
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }
}
