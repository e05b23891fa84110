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

    It 'checks who issued a token' {
        $policies = Join-Path $root 'tests' 'Fixtures' 'mesh' 'policies.yaml'
        $answers = 'https://issuer.example', 'https://other.example' |
            ForEach-Object { [pscustomobject]@{ To = 'shop/tenant'; Claim = @{ iss = $_; aud = 'shop.example' } } } |
            Test-MeshAuthorization -SnapshotPath $policies

        $answers.Decision | ForEach-Object ToString | Should-BeCollection @('Deny', 'Unauthorized')
    }
}
