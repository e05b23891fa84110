BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
}

Describe 'Test-MeshAuthorization' {
    It 'lets in the client of the rule' {
        (Test-MeshAuthorization shop/gateway shop/web -SnapshotPath $mesh).Policy | Should-Be 'shop/callers'
    }

    It 'keeps out plaintext' {
        Test-MeshAuthorization -To shop/web -SnapshotPath $mesh -Quiet | Should-BeFalse
    }

    It 'says that a server is not there' {
        { Test-MeshAuthorization -To shop/absent -SnapshotPath $mesh -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'MeshServerNotFound*'
    }
}
