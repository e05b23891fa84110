BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Install-VoiceCoreMesh' {
    It 'says that there is no kubeconfig' {
        { Install-VoiceCoreMesh -Kubeconfig (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'KubeconfigNotFound*'
    }

    It 'takes Context and Kubeconfig from the pipeline' {
        $parameters = (Get-Command Install-VoiceCoreMesh).Parameters

        foreach ($name in 'Context', 'Kubeconfig', 'DefinitionPath') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should-ContainCollection $true
        }
    }

    It 'installs into the sandbox, and changes nothing the second time' {
        $sandbox = Start-MeshSandbox -Name pester-install
        try {
            $first = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore
            $second = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore

            $first.Applied | Should-All { $_ }
            $second.Action | Should-All { "$_" -eq 'Unchanged' }
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }
}
