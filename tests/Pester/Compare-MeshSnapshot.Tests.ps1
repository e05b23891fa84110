BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
    $changed = Join-Path $TestDrive 'changed.yaml'
    (Get-Content $mesh -Raw) -replace 'methods: \[GET\]', 'methods: [POST]' | Set-Content $changed
    $saved = (Export-MeshSnapshot -Path (Join-Path $TestDrive 'shop.json.gz') -SnapshotPath $mesh -PassThru).FullName
}

Describe 'Compare-MeshSnapshot' {
    It 'finds no difference between a mesh and its saved state' {
        Compare-MeshSnapshot $mesh $saved | Should-BeNull
    }

    It 'shows the verdict and the object that caused it' {
        $verdict = Compare-MeshSnapshot $saved $changed -Area Authorization

        $verdict.Subject | Should-Be 'Pod shop/web-1'
        $verdict.Causes | Should-Be 'AuthorizationPolicy shop/callers'
        (Compare-MeshSnapshot $saved $changed -Area Object).Fields -join ';' | Should-MatchString 'GET.* -> .*POST'
    }

    It 'takes snapshots and files from the pipeline' {
        (Import-MeshSnapshot $saved | Compare-MeshSnapshot -Reference $changed -Area Authorization).Action | Should-Be Changed
        (Get-Item $saved | Compare-MeshSnapshot -Reference (Import-MeshSnapshot $saved)) | Should-BeNull
    }

    It 'shows rows that fit a table' {
        Compare-MeshSnapshot $saved $changed | Out-String -Width 250 | Should-MatchString 'Authorization +Changed +Pod shop/web-1'
    }

    It 'says that a file is not there' {
        { Compare-MeshSnapshot (Join-Path $TestDrive 'absent') $saved -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }
}
