BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
}

Describe 'Get-MeshInjection' {
    It 'finds that a namespace has both labels' {
        (Get-MeshInjection shop -SnapshotPath $mesh).State | Should-Be Conflict
    }
}
