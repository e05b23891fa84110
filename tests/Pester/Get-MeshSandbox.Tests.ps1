BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Get-MeshSandbox' {
    It 'finds a sandbox by name and by pattern' {
        Start-MeshSandbox -Name pester-get | Out-Null
        try {
            (Get-MeshSandbox pester-get).Name | Should-BeString 'pester-get'
            (Get-MeshSandbox PESTER-G*).Name | Should-BeString 'pester-get'
        }
        finally {
            Stop-MeshSandbox pester-get
        }
    }

    It 'says that there is none of a name' {
        { Get-MeshSandbox pester-absent -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SandboxNotFound*'
    }
}
