BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Export-VoiceCoreMesh' {
    It 'writes the manifests and touches nothing the second time' {
        $folder = Join-Path $TestDrive 'mesh'

        $first = Export-VoiceCoreMesh -Path $folder -WarningAction Ignore
        $second = Export-VoiceCoreMesh -Path $folder -WarningAction Ignore

        $first.Name | Should-ContainCollection 'mtls-policy.yaml'
        $first.Action | Should-All { $_ -eq 'Created' }
        $second.Action | Should-All { $_ -eq 'Unchanged' }
    }

    It 'names the revision in namespaces and gateways' {
        $folder = Join-Path $TestDrive 'revision'

        $null = Export-VoiceCoreMesh -Path $folder -Revision 1-31-0 -WarningAction Ignore

        Get-Content (Join-Path $folder 'namespace-injection.yaml') -Raw | Should-MatchString 'istio.io/rev: "1-31-0"'
    }

    It 'warns where the definition was adjusted' {
        $null = Export-VoiceCoreMesh -Path (Join-Path $TestDrive 'warned') -WarningVariable warnings -WarningAction SilentlyContinue

        "$warnings" | Should-MatchString 'VCM0101 services\.tenant\.retries'
    }

    It 'writes nothing with -WhatIf' {
        $folder = Join-Path $TestDrive 'absent'

        Export-VoiceCoreMesh -Path $folder -WhatIf -WarningAction Ignore

        Test-Path $folder | Should-BeFalse
    }
}
