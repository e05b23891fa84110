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
}

Describe 'Test-MeshConfiguration' {
    It 'finds a rule for a host that does not exist' {
        $finding = Test-MeshConfiguration -SnapshotPath $folder
        $finding.Code | Should-Be 'VCM0210'
        $finding.Subject | Should-Be 'DestinationRule shop/lost'
    }

    It 'ends with an error where -FailOn is reached' {
        { Test-MeshConfiguration -SnapshotPath $folder -FailOn Warning } | Should-Throw -FullyQualifiedErrorId 'MeshConfigurationFailed*'
    }

    It 'goes on below -FailOn' {
        (Test-MeshConfiguration -SnapshotPath $folder -FailOn Error).Code | Should-Be 'VCM0210'
    }

    It 'writes SARIF' {
        (Test-MeshConfiguration -SnapshotPath $folder -As Sarif | ConvertFrom-Json).runs[0].results[0].ruleId | Should-Be 'VCM0210'
    }
}
