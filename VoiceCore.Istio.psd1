@{
    ModuleVersion        = '0.1.0'
    GUID                 = 'c3a4f0a6-5d0e-4a0c-9a63-2b7f6f1d7e55'
    Author               = 'VoiceCore'
    CompanyName          = 'VoiceCore'
    Copyright            = '(c) VoiceCore. All rights reserved.'
    Description          = 'Installs, checks, operates and upgrades the Istio service mesh of VoiceCore AI, and of any product that writes its own mesh definition.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # The loader (a nested module, loaded first) resolves the root module into a private load context.
    # The root module's file must not lie beside this manifest, or PowerShell would load it itself.
    RootModule           = 'VoiceCore.Istio.dll'
    NestedModules        = @('bin/VoiceCore.Istio.Loader.dll')
    FormatsToProcess     = @('VoiceCore.Istio.Format.ps1xml')

    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Compare-MeshSnapshot'
        'Compare-VoiceCoreMesh'
        'ConvertFrom-MeshCertificatePolicy'
        'ConvertTo-MeshCertificatePolicy'
        'Export-MeshSnapshot'
        'Export-VoiceCoreMesh'
        'Get-MeshCircuitBreaker'
        'Get-MeshDependency'
        'Get-MeshInjection'
        'Get-MeshRequirement'
        'Get-MeshSandbox'
        'Get-MeshTimeout'
        'Get-MeshTrafficSplit'
        'Get-MeshWorkload'
        'Import-MeshSnapshot'
        'Install-VoiceCoreMesh'
        'New-MeshDefinition'
        'Resolve-MeshPolicy'
        'Set-MeshInjection'
        'Set-MeshTrafficSplit'
        'Start-MeshSandbox'
        'Stop-MeshSandbox'
        'Test-MeshAuthorization'
        'Test-MeshConfiguration'
        'Test-MeshDefinition'
        'Test-MeshDependency'
        'Test-MeshInstallation'
        'Test-MeshTls'
        'Uninstall-VoiceCoreMesh'
    )

    PrivateData          = @{
        PSData = @{
            Tags = @('Istio', 'Kubernetes', 'ServiceMesh', 'mTLS', 'Windows', 'Linux', 'MacOS')
        }
    }
}
