BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Test-MeshDefinition' {
    It 'accepts the definition that ships with the module' {
        Test-MeshDefinition -Quiet | Should-BeTrue
    }

    It 'names file, line and column of an unknown key' {
        $file = New-MeshDefinition -Path (Join-Path $TestDrive 'typo.yaml')
        (Get-Content $file.FullName -Raw).Replace('trustDomain:', 'trustDomian:') | Set-Content $file.FullName -NoNewline

        $finding = Test-MeshDefinition -Path $file.FullName | Where-Object Code -EQ 'VCM0004'

        $finding.Severity | Should-Be 'Error'
        $finding.Path | Should-Be $file.FullName
        $finding.Line | Should-BeGreaterThan 1
        $finding.Column | Should-Be 3
        $finding.Message | Should-MatchString "Did you mean 'trustDomain'"
    }

    It 'takes files from Get-ChildItem' {
        $folder = Join-Path $TestDrive 'many'
        $null = New-MeshDefinition -Path (Join-Path $folder 'a.yaml')
        $null = New-MeshDefinition -Path (Join-Path $folder 'b.yaml') -Product shop -Service web

        Get-ChildItem $folder | Test-MeshDefinition -Quiet | Should-BeCollection @($true, $true)
    }

    It 'says that a file is not there' {
        { Test-MeshDefinition -Path (Join-Path $TestDrive 'absent.yaml') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'DefinitionNotFound*'
    }
}
