BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'New-MeshDefinition' {
    It 'writes the VoiceCore definition' {
        $file = New-MeshDefinition -Path (Join-Path $TestDrive 'voicecore.yaml')

        $file.Name | Should-Be 'voicecore.yaml'
        Test-MeshDefinition -Path $file.FullName -Quiet | Should-BeTrue
    }

    It 'writes a starting point for another product' {
        $file = New-MeshDefinition -Path (Join-Path $TestDrive 'shop.yaml') -Product shop -Service web, cart

        Get-Content $file.FullName | Should-ContainCollection 'product: shop'
        Test-MeshDefinition -Path $file.FullName -Quiet | Should-BeTrue
    }

    It 'keeps a file that is there' {
        $path = Join-Path $TestDrive 'kept.yaml'
        Set-Content $path 'mine'

        { New-MeshDefinition -Path $path -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'DefinitionExists*'

        Get-Content $path | Should-Be 'mine'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'absent.yaml'

        New-MeshDefinition -Path $path -WhatIf

        Test-Path $path | Should-BeFalse
    }
}
