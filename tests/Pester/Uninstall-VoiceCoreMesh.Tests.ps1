BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Uninstall-VoiceCoreMesh' {
    It 'says that there is no kubeconfig' {
        { Uninstall-VoiceCoreMesh -Kubeconfig (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'KubeconfigNotFound*'
    }

    It 'takes Context and Kubeconfig from the pipeline' {
        $parameters = (Get-Command Uninstall-VoiceCoreMesh).Parameters

        foreach ($name in 'Context', 'Kubeconfig', 'DefinitionPath') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should-ContainCollection $true
        }
    }

    It 'removes what was installed, and finds nothing the second time' {
        $sandbox = Start-MeshSandbox -Name pester-uninstall
        try {
            $null = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore
            ($sandbox | Uninstall-VoiceCoreMesh -Confirm:$false).Action | Should-All { "$_" -eq 'Delete' }
            @($sandbox | Uninstall-VoiceCoreMesh -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue).Count | Should-Be 0
            "$warnings" | Should-BeLikeString 'Nothing of the mesh of voicecore-ai is in the cluster of context pester-uninstall *'
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }
}
