BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'ConvertFrom-MeshCertificatePolicy' {
    It 'says what Istio does by default' {
        $meaning = ConvertFrom-MeshCertificatePolicy

        $meaning.LifetimeHours | Should-Be 24
        $meaning.RotationLatestHours | Should-Be 11.76
        $meaning.Findings | Should-BeCollection @()
    }

    It 'takes the names of the environment variables' {
        $meaning = [pscustomobject]@{ SECRET_TTL = '48h'; SECRET_GRACE_PERIOD_RATIO = 0.25; SECRET_GRACE_PERIOD_RATIO_JITTER = 0 } |
            ConvertFrom-MeshCertificatePolicy

        $meaning.RotationEarliestHours | Should-Be 12
    }

    It 'warns of a lifetime that istiod refuses' {
        $null = ConvertFrom-MeshCertificatePolicy -SecretTtl 2161h -WarningVariable warnings -WarningAction SilentlyContinue

        "$warnings" | Should-MatchString 'VCM0161'
    }
}
