BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
}

Describe 'Export-MeshSnapshot' {
    It 'writes a file that the other cmdlets take in place of the manifests' {
        $file = Export-MeshSnapshot -Path (Join-Path $TestDrive 'shop.json.gz') -SnapshotPath $mesh -PassThru

        Get-MeshInjection -SnapshotPath $file.FullName | ConvertTo-Json | Should-Be (Get-MeshInjection -SnapshotPath $mesh | ConvertTo-Json)
    }

    It 'gives the same file for the same mesh' {
        $one, $other = 'one', 'other' | ForEach-Object { Export-MeshSnapshot -Path (Join-Path $TestDrive "$_.json.gz") -SnapshotPath $mesh -PassThru }

        (Get-FileHash $one).Hash | Should-Be (Get-FileHash $other).Hash
    }

    It 'keeps a file that is there' {
        $path = Join-Path $TestDrive 'kept.json.gz'
        Set-Content $path 'mine'

        { Export-MeshSnapshot -Path $path -SnapshotPath $mesh -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotExists*'

        Get-Content $path | Should-Be 'mine'
    }

    It 'writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'absent.json.gz'

        Export-MeshSnapshot -Path $path -SnapshotPath $mesh -WhatIf

        Test-Path $path | Should-BeFalse
    }
}
