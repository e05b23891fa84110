BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
}

Describe 'Get-MeshWorkload' {
    It 'shows the version of the proxies' {
        (Get-MeshWorkload -SnapshotPath $mesh -Namespace sh*).ProxyVersions | Should-Be 1.30.3
    }

    It 'says that a path is not there' {
        { Get-MeshWorkload -SnapshotPath (Join-Path $TestDrive 'absent.yaml') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'SnapshotPathNotFound*'
    }

    It 'shows the pods in the wide view' {
        Get-MeshWorkload -SnapshotPath $mesh | Format-Table -View Wide | Out-String -Width 200 | Should-MatchString 'PODS[\s\S]+web-1'
    }

    It 'says that a workload is not there' {
        { Get-MeshWorkload absent -SnapshotPath $mesh -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'MeshWorkloadNotFound*'
    }
}
