BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Get-MeshDependency' {
    It 'lists the callers of a service with their identity' {
        $dependency = Get-MeshDependency -Name ai | Where-Object Caller -EQ 'call'

        $dependency.Principal | Should-Be 'cluster.local/ns/voicecore-ai/sa/call'
        $dependency.Ports | Should-BeCollection @(8080)
        $dependency.Purpose | Should-Be 'Call'
    }

    It 'takes wildcards for services and callers' {
        (Get-MeshDependency -Name a* -Caller gate*).Service | Should-BeCollection @('ai', 'analytics')
    }

    It 'reads another definition' {
        $file = New-MeshDefinition -Path (Join-Path $TestDrive 'shop.yaml') -Product shop -Service web, cart

        ($file | Get-MeshDependency).Caller | Should-BeCollection @('ingress', 'web')
    }

    It 'says that a definition is not there' {
        { Get-MeshDependency -DefinitionPath (Join-Path $TestDrive 'absent.yaml') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'DefinitionNotFound*'
    }
}
