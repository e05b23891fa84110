#Requires -Version 7.4
<#
.SYNOPSIS
Builds, tests, documents and packages VoiceCore.Istio.

.DESCRIPTION
Build    compiles everything; the module can then be imported from this folder.
Test     runs the xunit tests, then the Pester files against the built module.
Help     writes en-US/VoiceCore.Istio.dll-Help.xml from the pages in docs/.
Package  stages output/VoiceCore.Istio/<version> and a zip of it.
Clean    removes what the other tasks made.

A step whose tool is missing and cannot be fetched is skipped, and said so.

.EXAMPLE
./build.ps1 Build, Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Help', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$manifest = Join-Path $root 'VoiceCore.Istio.psd1'
$version = (Import-PowerShellDataFile $manifest).ModuleVersion
$output = Join-Path $root 'output'

function Invoke-Dotnet {
    dotnet @args
    if ($LASTEXITCODE) { throw "dotnet $($args[0]) failed with exit code $LASTEXITCODE." }
}

# True where the pinned tool is there or could be fetched into output/tools.
function Install-BuildTool([string] $Name) {
    $pinned = (Import-PowerShellDataFile (Join-Path $root 'tools/requirements.psd1'))[$Name]
    $tools = Join-Path $output 'tools'
    if ($env:PSModulePath -notlike "*$tools*") {
        $env:PSModulePath = $tools + [IO.Path]::PathSeparator + $env:PSModulePath
    }
    if (Get-Module -ListAvailable -FullyQualifiedName @{ ModuleName = $Name; RequiredVersion = $pinned }) { return $true }
    try {
        $null = New-Item -ItemType Directory -Force $tools
        Save-Module -Name $Name -RequiredVersion $pinned -Path $tools -Repository PSGallery
        return $true
    }
    catch {
        Write-Warning "$Name $pinned is not installed and could not be fetched: $($_.Exception.Message)"
        return $false
    }
}

function Invoke-Build {
    Invoke-Dotnet build (Join-Path $root 'VoiceCore.Istio.sln') -c $Configuration
}

function Invoke-Test {
    Push-Location $root
    try { Invoke-Dotnet test -c $Configuration } finally { Pop-Location }

    if (-not (Install-BuildTool Pester)) { Write-Warning 'Skipped: the Pester tests.'; return }
    # In a process of its own: the tests import the module, and a build must be able to replace its files afterwards.
    $pester = (Import-PowerShellDataFile (Join-Path $root 'tools/requirements.psd1')).Pester
    & (Get-Process -Id $PID).Path -NoProfile -Command {
        param($Path, $Version)
        Import-Module Pester -RequiredVersion $Version
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = $Path
        $configuration.Run.Exit = $true
        Invoke-Pester -Configuration $configuration
    } -args (Join-Path $root 'tests/Pester'), $pester
    if ($LASTEXITCODE) { throw "$LASTEXITCODE Pester tests failed." }
}

function Invoke-Help {
    if (-not (Install-BuildTool Microsoft.PowerShell.PlatyPS)) { Write-Warning 'Skipped: the help file.'; return }
    # In a process of its own: PlatyPS brings a YamlDotNet that must not stay in this session.
    & (Get-Process -Id $PID).Path -NoProfile -Command {
        param($Docs, $Target)
        $ErrorActionPreference = 'Stop'
        Import-Module Microsoft.PowerShell.PlatyPS
        $folder = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
        try {
            Get-ChildItem $Docs -Filter *-*.md | Import-MarkdownCommandHelp | Export-MamlCommandHelp -OutputFolder $folder -Force | Out-Null
            $maml = Get-ChildItem $folder -Recurse -Filter *-Help.xml
            [IO.File]::WriteAllText($Target, [IO.File]::ReadAllText($maml.FullName).ReplaceLineEndings("`n"))
        }
        finally {
            Remove-Item $folder -Recurse -Force -ErrorAction Ignore
        }
    } -args (Join-Path $root 'docs'), (Join-Path $root 'en-US/VoiceCore.Istio.dll-Help.xml')
    if ($LASTEXITCODE) { throw 'The help file could not be written.' }

    . (Join-Path $root 'tools/AboutTopic.ps1')
    foreach ($page in Get-ChildItem (Join-Path $root 'docs') -Filter about_*.md) {
        [IO.File]::WriteAllText((Join-Path $root "en-US/$($page.BaseName).help.txt"), (ConvertTo-AboutTopic ([IO.File]::ReadAllText($page.FullName))))
    }
}

# Puts what is compiled ahead of time into folders of the platforms' names, where the loader looks first.
function Copy-CompiledAssembly([string] $Target) {
    foreach ($platform in 'linux-x64', 'win-x64') {
        $compiled = Join-Path $output "compiled/$platform"
        try {
            Invoke-Dotnet publish (Join-Path $root 'tools/ReadyToRun') -c $Configuration -r $platform -o $compiled
            $null = New-Item -ItemType Directory -Force (Join-Path $Target $platform)
            foreach ($name in 'VoiceCore.Istio.Core.dll', 'YamlDotNet.dll') {
                Copy-Item (Join-Path $compiled $name) (Join-Path $Target $platform)
            }
        }
        catch {
            Write-Warning "Skipped: code compiled ahead of time for $platform. $($_.Exception.Message)"
        }
    }
}

function Invoke-Package {
    Invoke-Build
    $target = Join-Path $output "VoiceCore.Istio/$version"
    # With what is left of other versions: the zip holds all of it.
    Remove-Item (Join-Path $output 'VoiceCore.Istio') -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory -Force (Join-Path $target 'bin')
    Copy-Item (Join-Path $root 'bin/*.dll') (Join-Path $target 'bin')
    foreach ($item in 'VoiceCore.Istio.psd1', 'VoiceCore.Istio.Format.ps1xml', 'en-US', 'docs', 'Examples', 'README.md', 'CHANGELOG.md') {
        Copy-Item (Join-Path $root $item) $target -Recurse
    }
    Copy-CompiledAssembly (Join-Path $target 'bin')
    # Test-ModuleManifest refuses a root module that the loader provides, so the package is imported, in a process of its own.
    & (Get-Process -Id $PID).Path -NoProfile -Command {
        param($Path)
        $ErrorActionPreference = 'Stop'
        Import-Module $Path
    } -args (Join-Path $target 'VoiceCore.Istio.psd1')
    if ($LASTEXITCODE) { throw 'The package cannot be imported.' }
    Compress-Archive -Path (Join-Path $output 'VoiceCore.Istio') -DestinationPath (Join-Path $output "VoiceCore.Istio.$version.zip") -Force
}

function Invoke-Clean {
    Remove-Item (Join-Path $root 'bin'), $output -Recurse -Force -ErrorAction Ignore
    Get-ChildItem (Join-Path $root 'src'), (Join-Path $root 'tests'), (Join-Path $root 'tools') -Directory -Recurse -Depth 1 |
        Where-Object Name -In 'bin', 'obj' | Remove-Item -Recurse -Force
}

foreach ($name in $Task) { & "Invoke-$name" }
