BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Stop-MeshSandbox' {
    It 'ends a sandbox and gives KUBECONFIG back' {
        $before = $env:KUBECONFIG
        $sandbox = Start-MeshSandbox -Name pester-stop -SetEnvironment
        $env:KUBECONFIG | Should-BeString $sandbox.Kubeconfig

        $stopped = $sandbox | Stop-MeshSandbox -PassThru

        $stopped.State.ToString() | Should-Be 'Stopped'
        "$env:KUBECONFIG" -ceq "$before" | Should-BeTrue
    }

    It 'says that there is none of a name' {
        { Stop-MeshSandbox pester-absent -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SandboxNotFound*'
    }

    It 'ends nothing with -WhatIf' {
        $sandbox = Start-MeshSandbox -Name pester-whatif-stop
        try {
            Stop-MeshSandbox pester-whatif-* -PassThru -WhatIf | Should-BeNull
            (Get-MeshSandbox pester-whatif-stop).State.ToString() | Should-Be 'Running'
        }
        finally { $sandbox | Stop-MeshSandbox }
    }
}
