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
}
