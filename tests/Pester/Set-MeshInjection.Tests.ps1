BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Set-MeshInjection' {
    BeforeAll {
        $sandbox = Start-MeshSandbox -Name pester-injection
        $null = $sandbox | Install-VoiceCoreMesh -Confirm:$false -WarningAction Ignore
    }

    AfterAll { $sandbox | Stop-MeshSandbox }

    It 'switches injection off and says which pods need a restart' {
        $change = $sandbox | Set-MeshInjection -Namespace observability -Disabled

        $change.After | Should-Be 'istio-injection=disabled'
        "$($change.Proof)" | Should-Be 'Proven'
        $change | Format-Table | Out-String | Should-MatchString 'RESTART'
    }

    It 'changes nothing with -WhatIf' {
        $change = $sandbox | Set-MeshInjection -Namespace voicecore-ai -Enabled -WhatIf

        $change.Applied | Should-BeFalse
        ($sandbox | Get-MeshInjection -Namespace voicecore-ai).Reason | Should-MatchString 'istio.io/rev='
    }

    It 'refuses a revision that is not installed' {
        { $sandbox | Set-MeshInjection -Namespace voicecore-ai -Revision 9-9-9 -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'RevisionNotInstalled*'
    }
}
