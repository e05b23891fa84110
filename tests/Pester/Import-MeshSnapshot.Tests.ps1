BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
    $taken = [datetime]::new(2026, 11, 25, 9, 30, 0, [DateTimeKind]::Utc)
    foreach ($name in 'one.json.gz', 'mesh[2].json.gz') {
        Export-MeshSnapshot -Path (Join-Path $TestDrive $name) -SnapshotPath $mesh -Taken $taken
    }
}

Describe 'Import-MeshSnapshot' {
    It 'says where the mesh came from and when it was taken' {
        $snapshot = Import-MeshSnapshot (Join-Path $TestDrive 'one.json.gz')

        $snapshot.Source | Should-Be $mesh
        $snapshot.Taken | Should-Be $taken
        ($snapshot | Out-String -Width 300) | Should-MatchString '2026-11-25 09:30:00Z'
    }

    It 'takes wildcards, literal names and files from the pipeline' {
        (Import-MeshSnapshot (Join-Path $TestDrive '*.gz')).Count | Should-Be 2
        Import-MeshSnapshot -LiteralPath (Join-Path $TestDrive 'mesh[2].json.gz') | Should-NotBeNull
        (Get-ChildItem $TestDrive -Filter *.gz | Import-MeshSnapshot).Count | Should-Be 2
        [IO.FileInfo]::new((Join-Path $TestDrive 'mesh[2].json.gz')) | Import-MeshSnapshot | Should-NotBeNull
    }

    It 'feeds the cmdlets that judge a mesh' {
        $snapshot = Import-MeshSnapshot (Join-Path $TestDrive 'one.json.gz')

        ($snapshot | Get-MeshInjection shop).State | Should-Be Conflict
        (Test-MeshAuthorization -To shop/web -From shop/gateway -Snapshot $snapshot).Decision | Should-Be Allow
    }

    It 'refuses what is no saved snapshot' {
        { Import-MeshSnapshot $mesh -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotNotSaved*'
    }
}
