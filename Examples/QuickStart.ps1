<#
.SYNOPSIS
The main job on a rehearsal cluster: plan the VoiceCore mesh, install it, check its mTLS, list its circuit breakers.

.DESCRIPTION
Everything happens in this process and on the loopback interface. No cluster, no istioctl and no kubeconfig of yours is touched.
Against a real cluster, leave the sandbox out: the same cmdlets take -Context and -Kubeconfig, or the current context.
#>
$ErrorActionPreference = 'Stop'

# The shipped definition leaves the registry of the services' images to you.
$definition = New-MeshDefinition -Path ([System.IO.Path]::GetTempFileName()) -ImageRegistry registry.example.com/voicecore -Force
$sandbox = Start-MeshSandbox
try {
    "The plan for $($sandbox.Context):"
    $sandbox | Install-VoiceCoreMesh -DefinitionPath $definition.FullName -IncludeWorkloads -WhatIf

    'The installation:'
    $sandbox | Install-VoiceCoreMesh -DefinitionPath $definition.FullName -IncludeWorkloads

    'mTLS of every service:'
    $sandbox | Test-MeshTls

    'Circuit breakers:'
    $sandbox | Get-MeshCircuitBreaker
}
finally {
    $sandbox | Stop-MeshSandbox
    $definition.Delete()
}
