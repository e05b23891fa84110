BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $folder = Join-Path $TestDrive 'mesh'
    $null = New-Item -ItemType Directory $folder
    Set-Content (Join-Path $folder 'rule.yaml') @'
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: lost, namespace: shop }
spec: { host: nobody }
---
apiVersion: v1
kind: Service
metadata: { name: tenant, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
'@
    $part = Join-Path $TestDrive 'part.yaml'
    Set-Content $part @'
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: lost, namespace: shop }
spec: { host: nobody }
'@
    function New-Suppression([string] $Code, [string] $Expires) {
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).yaml"
        $text = "suppressions:`n- code: $Code`n  object: DestinationRule shop/*`n  reason: It comes next week.`n"
        Set-Content $path ($Expires ? "$text  expires: $Expires" : $text)
        $path
    }
}

Describe 'Test-MeshConfiguration' {
    It 'finds a rule for a host that does not exist, and says where it stands' {
        $finding = Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl
        $finding.Code | Should-Be 'VCM0210'
        $finding.Subject | Should-Be 'DestinationRule shop/lost'
        $finding.Source | Should-Be 'VoiceCore'
        $finding.Path | Should-Be (Join-Path $folder 'rule.yaml')
    }

    It 'takes what manifests cannot tell as information' {
        (Test-MeshConfiguration -SnapshotPath $part -SkipIstioctl).Severity | Should-Be 'Info'
        (Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl).Severity | Should-Be 'Warning'
    }

    It 'ends with an error where -FailOn is reached' {
        { Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -FailOn Warning } | Should-Throw -FullyQualifiedErrorId 'MeshConfigurationFailed*'
    }

    It 'goes on below -FailOn' {
        (Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -FailOn Error).Code | Should-Be 'VCM0210'
    }

    It 'writes SARIF and JSON' {
        (Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -As Sarif | ConvertFrom-Json).runs[0].results[0].ruleId | Should-Be 'VCM0210'
        (Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -As Json | ConvertFrom-Json)[0].code | Should-Be 'VCM0210'
    }

    It 'writes the report to a file, as JSON unless asked otherwise, and nothing to the pipeline' {
        $path = Join-Path $TestDrive 'reports/findings.json'
        Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -OutputPath $path | Should-BeNull
        (Get-Content $path -Raw | ConvertFrom-Json)[0].subject | Should-Be 'DestinationRule shop/lost'
    }

    It 'leaves out what is suppressed, under either code, and does not fail for it' {
        foreach ($code in 'VCM0210', 'IST0174') {
            Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -SuppressionFile (New-Suppression $code '2999-12-31') -FailOn Warning | Should-BeNull
        }
    }

    It 'marks in SARIF what is suppressed' {
        $report = Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -SuppressionFile (New-Suppression 'VCM0210') -As Sarif | ConvertFrom-Json
        $report.runs[0].results[0].suppressions[0].justification | Should-Be 'It comes next week.'
    }

    It 'counts again what a suppression has ended for, and warns' {
        $findings = Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -SuppressionFile (New-Suppression 'VCM0210' '2000-01-01') -WarningVariable warnings -WarningAction SilentlyContinue
        $findings.Code | Should-Be 'VCM0210'
        "$warnings" | Should-MatchString 'ended on 2000-01-01'
    }

    It 'refuses a suppression of a code that does not exist, and says where it stands' {
        { Test-MeshConfiguration -SnapshotPath $folder -SkipIstioctl -SuppressionFile (New-Suppression 'VCM9999') } | Should-Throw -FullyQualifiedErrorId 'SuppressionsInvalid*' -ExceptionMessage '*line 2*'
    }

    It 'goes on without istioctl, and says so' {
        $path = $env:PATH
        try {
            $env:PATH = ''
            $output = Test-MeshConfiguration -SnapshotPath $folder -Verbose 4>&1
        }
        finally { $env:PATH = $path }
        "$output" | Should-MatchString 'istioctl analyze was not run'
    }

    It 'warns where the istioctl that was asked for is not there' {
        $null = Test-MeshConfiguration -SnapshotPath $folder -IstioctlPath (Join-Path $TestDrive 'none') -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should-MatchString 'istioctl analyze was not run'
    }
}
