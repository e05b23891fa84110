<#
.SYNOPSIS
The main job on a rehearsal cluster: plan the VoiceCore mesh, install it, check its mTLS, list its circuit breakers.

.DESCRIPTION
Everything happens in this process and on the loopback interface. No cluster, no istioctl and no kubeconfig of yours is touched.
Against a real cluster, leave the sandbox out: the same cmdlets take -Context and -Kubeconfig, or the current context.
#>
$ErrorActionPreference = 'Stop'
if (-not (Get-Module VoiceCore.Istio)) { Import-Module (Join-Path $PSScriptRoot '../VoiceCore.Istio.psd1') }

# The shipped definition leaves the registry of the services' images to you.
$definition = New-MeshDefinition -Path ([System.IO.Path]::GetTempFileName()) -ImageRegistry registry.example.com/voicecore -Force
$sandbox = Start-MeshSandbox
$mesh = @{ Kubeconfig = $sandbox.Kubeconfig; Context = $sandbox.Context }
try {
    "The plan for $($sandbox.Context):"
    Install-VoiceCoreMesh @mesh -DefinitionPath $definition.FullName -IncludeWorkloads -WhatIf | Out-Host

    'The installation:'
    Install-VoiceCoreMesh @mesh -DefinitionPath $definition.FullName -IncludeWorkloads -WarningAction Ignore | Out-Host

    'mTLS of every service:'
    Test-MeshTls @mesh -Namespace voicecore-ai | Out-Host

    'Circuit breakers:'
    Get-MeshCircuitBreaker @mesh -Namespace voicecore-ai | Out-Host
}
finally {
    $sandbox | Stop-MeshSandbox
    $definition.Delete()
}
