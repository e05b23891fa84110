BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Start-MeshSandbox' {
    It 'starts a cluster whose kubeconfig binds by pipeline' {
        $sandbox = Start-MeshSandbox -Name pester-start
        try {
            $sandbox.State.ToString() | Should-Be 'Running'
            $sandbox.Context | Should-BeString 'pester-start'
            Test-Path $sandbox.Kubeconfig | Should-BeTrue
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }

        Test-Path $sandbox.Kubeconfig | Should-BeFalse
    }

    It 'leaves another kubeconfig alone' {
        $path = Join-Path $TestDrive 'config'
        Set-Content $path 'apiVersion: v1'

        { Start-MeshSandbox -Name pester-foreign -Path $path -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SandboxKubeconfigForeign*'
        Get-Content $path | Should-BeString 'apiVersion: v1'
    }

    It 'starts nothing with WhatIf' {
        Start-MeshSandbox -Name pester-whatif -WhatIf | Should-BeNull

        Get-MeshSandbox pester-whatif* | Should-BeNull
    }
}
