BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'ConvertTo-MeshCertificatePolicy' {
    It 'takes the longer time and names three ways out of a conflict' {
        $plan = ConvertTo-MeshCertificatePolicy 2160h 24h 216h -WarningAction Ignore

        $plan.SecretTtl | Should-Be '2160h'
        $plan.GracePeriodRatio | Should-Be 0.1
        $plan.Alternatives.Name | Should-BeCollection @('EarlyRotation', 'LateRotation', 'ShorterLifetime')
    }

    It 'warns of the conflict' {
        $null = ConvertTo-MeshCertificatePolicy 2160h 24h 216h -WarningVariable warnings -WarningAction SilentlyContinue

        "$warnings" | Should-MatchString 'VCM0105'
    }

    It 'takes a TimeSpan' {
        (ConvertTo-MeshCertificatePolicy -Lifetime (New-TimeSpan -Days 1)).SecretTtl | Should-Be '24h'
    }

    It 'refuses a rotation that is longer than the lifetime' {
        { ConvertTo-MeshCertificatePolicy 24h 30h -ErrorAction Stop } | Should-Throw -FullyQualifiedErrorId 'CertificatePolicyInvalid*'
    }

    It 'refuses a bare number' {
        { ConvertTo-MeshCertificatePolicy 24 } | Should-Throw -FullyQualifiedErrorId 'ParameterArgumentTransformationError*'
    }
}
