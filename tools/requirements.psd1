# The build tools, pinned. build.ps1 takes them from the PowerShell Gallery where they are not installed.
@{
    'Pester'                       = '6.0.1'
    'Microsoft.PowerShell.PlatyPS' = '1.0.3'
}
