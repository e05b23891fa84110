BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Compare-VoiceCoreMesh' {
    It 'says that there is no kubeconfig' {
        { Compare-VoiceCoreMesh -Kubeconfig (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'KubeconfigNotFound*'
    }

    It 'takes Context and Kubeconfig from the pipeline' {
        $parameters = (Get-Command Compare-VoiceCoreMesh).Parameters

        foreach ($name in 'Context', 'Kubeconfig', 'DefinitionPath') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should-ContainCollection $true
        }
    }

    It 'names what is missing, and nothing once it is installed' {
        $sandbox = Start-MeshSandbox -Name pester-compare
        try {
            ($sandbox | Compare-VoiceCoreMesh -WarningAction Ignore).Action | Should-All { "$_" -eq 'Create' }
            $null = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore
            @($sandbox | Compare-VoiceCoreMesh -WarningAction Ignore).Count | Should-Be 0
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }
}
