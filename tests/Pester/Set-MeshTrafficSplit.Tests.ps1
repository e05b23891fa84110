BeforeAll { . (Join-Path $PSScriptRoot 'common.ps1') }

Describe 'Set-MeshTrafficSplit' {
    It 'says that there is no kubeconfig' {
        { Set-MeshTrafficSplit tenant -Weight @{ v1 = 100 } -Kubeconfig (Join-Path $TestDrive 'absent') -ErrorAction Stop } |
            Should-Throw -FullyQualifiedErrorId 'KubeconfigNotFound*'
    }

    It 'takes service, route and cluster from the pipeline' {
        $parameters = (Get-Command Set-MeshTrafficSplit).Parameters

        foreach ($name in 'Context', 'Kubeconfig', 'Service', 'Namespace', 'VirtualService', 'Route', 'Match') {
            $parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should-ContainCollection $true
        }
    }

    It 'names what cannot be before it changes anything' {
        $sandbox = Start-MeshSandbox -Name pester-split
        try {
            $cluster = @{ Context = $sandbox.Context; Kubeconfig = $sandbox.Kubeconfig; ErrorAction = 'Stop' }
            { Set-MeshTrafficSplit tenant -Weight @{ v1 = 90; v2 = 20 } @cluster } | Should-Throw -FullyQualifiedErrorId 'TrafficWeightSum*'
            { Set-MeshTrafficSplit tenant -Weight @{ v1 = 'most' } @cluster } | Should-Throw -FullyQualifiedErrorId 'TrafficWeightInvalid*'
            { Set-MeshTrafficSplit tenant -Header @{ 'x-canary' = 'true' } @cluster } | Should-Throw -FullyQualifiedErrorId 'TrafficHeaderIncomplete*'
            { Set-MeshTrafficSplit tenant @cluster } | Should-Throw -FullyQualifiedErrorId 'TrafficSplitEmpty*'
            { Set-MeshTrafficSplit tenant -Weight @{ v1 = 100 } @cluster } | Should-Throw -FullyQualifiedErrorId 'TrafficServiceNotFound*'
        }
        finally {
            $sandbox | Stop-MeshSandbox
        }
    }
}
