BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    $mesh = Join-Path $root 'tests' 'Fixtures' 'mesh' 'shop.yaml'
}

Describe 'Get-MeshInjection' {
    It 'finds that a namespace has both labels' {
        (Get-MeshInjection shop -SnapshotPath $mesh).State | Should-Be Conflict
    }

    It 'takes namespaces from the pipeline and shows the fix in the wide view' {
        [pscustomobject]@{ Namespace = 'shop' } | Get-MeshInjection -Workload Pod/web* -SnapshotPath $mesh | Format-Table -View Wide | Out-String -Width 250 |
            Should-MatchString 'WEBHOOK[\s\S]+Set-MeshInjection'
        Get-MeshInjection shop -Workload absent* -SnapshotPath $mesh | Should-BeNull
    }

    It 'says that a namespace is not there' {
        { Get-MeshInjection absent -SnapshotPath $mesh -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'MeshNamespaceNotFound*'
    }
}
