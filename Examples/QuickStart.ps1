<#
.SYNOPSIS
The main job on a rehearsal cluster: plan the VoiceCore mesh, install it, check its mTLS, list its circuit breakers.

.DESCRIPTION
Everything happens in this process and on the loopback interface. No cluster, no istioctl and no kubeconfig of yours is touched.
Against a real cluster, leave the sandbox out: the same cmdlets take -Context and -Kubeconfig, or the current context.
#>
$ErrorActionPreference = 'Stop'

$sandbox = Start-MeshSandbox
try {
    "The plan for $($sandbox.Context):"
    $sandbox | Install-VoiceCoreMesh -IncludeWorkloads -WhatIf

    'The installation:'
    $sandbox | Install-VoiceCoreMesh -IncludeWorkloads

    'mTLS of every service:'
    $sandbox | Test-MeshTls

    'Circuit breakers:'
    $sandbox | Get-MeshCircuitBreaker
}
finally {
    $sandbox | Stop-MeshSandbox
}
