# Every example of the help pages and of the README is run as it is printed, on rehearsal clusters.
BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'examples.ps1')
    # What changes the clusters comes last.
    $last = 'README', 'Install-VoiceCoreMesh', 'Set-MeshInjection', 'Set-MeshTrafficSplit', 'Uninstall-VoiceCoreMesh', 'Stop-MeshSandbox'
    $pages = Get-Item (Join-Path $PSScriptRoot '../../README.md'), (Join-Path $PSScriptRoot '../../docs/*.md') | Sort-Object { $last.IndexOf($_.BaseName) }, BaseName |
        ForEach-Object { @{ Page = $_.BaseName; Examples = @(Get-PageExample $_.FullName) } } | Where-Object { $_.Examples }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'common.ps1')
    . (Join-Path $PSScriptRoot 'examples.ps1')

    # What examples write themselves is not there before.
    $written = @{ 'Export-MeshSnapshot' = 'before.json.gz', 'mesh.json.gz'; 'New-MeshDefinition' = 'mesh.yaml' }
    # Examples that end with an error here, because the rehearsal cluster has what they look for.
    $ends = @{
        'Get-MeshRequirement Example 4'    = '*requirements are not satisfied'
        'Test-MeshConfiguration Example 5' = '*findings of production are of severity Warning or higher*'
    }
    # Examples that have nothing to show in a mesh that is in order.
    $silent = @(
        'Compare-MeshSnapshot Example 1', 'Compare-MeshSnapshot Example 2', 'Compare-MeshSnapshot Example 3', 'Compare-MeshSnapshot Example 4', 'Compare-MeshSnapshot Example 5'
        'Compare-VoiceCoreMesh Example 1', 'Compare-VoiceCoreMesh Example 2', 'Compare-VoiceCoreMesh Example 3'
        'Export-MeshSnapshot Example 1', 'Export-MeshSnapshot Example 3'
        'Get-MeshCircuitBreaker Example 2', 'Get-MeshCircuitBreaker Example 3', 'Get-MeshDependency Example 3', 'Get-MeshInjection Example 2'
        'Get-MeshRequirement Example 2', 'Get-MeshRequirement Example 3', 'Get-MeshSandbox Example 3', 'Get-MeshTrafficSplit Example 2', 'Get-MeshTrafficSplit Example 3'
        'Resolve-MeshPolicy Example 3', 'Resolve-MeshPolicy Example 4', 'Set-MeshInjection Example 3', 'Stop-MeshSandbox Example 1'
        'Test-MeshAuthorization Example 4', 'Test-MeshConfiguration Example 4', 'Test-MeshDefinition Example 2', 'Test-MeshDefinition Example 3'
        'Test-MeshDependency Example 1', 'Test-MeshDependency Example 2', 'Test-MeshDependency Example 3', 'Test-MeshInstallation Example 1', 'Test-MeshInstallation Example 3'
        'Test-MeshTls Example 2', 'Test-MeshTls Example 3', 'Test-MeshTls Example 4', 'Uninstall-VoiceCoreMesh Example 3'
    )

    function kubectl { "kubectl $args" }
    $ConfirmPreference = 'None'
    $WarningPreference = 'SilentlyContinue'
    $environment = $env:KUBECONFIG
    $here = Get-Location

    $files = (New-Item -ItemType Directory (Join-Path $TestDrive 'files')).FullName
    Set-Location $files
    $null = New-MeshDefinition -Path mesh.yaml -ImageRegistry registry.example.com/voicecore
    $production = Start-ExampleCluster production
    $staging = Start-ExampleCluster staging
    $kubeconfig = $production.Kubeconfig, $staging.Kubeconfig -join [IO.Path]::PathSeparator
    $env:KUBECONFIG = $kubeconfig
    New-ExampleFile $production
}

AfterAll {
    Set-Location $here
    Get-MeshSandbox | Stop-MeshSandbox
    $env:KUBECONFIG = $environment
}

Describe '<Page>' -ForEach $pages {
    BeforeAll {
        $folder = Join-Path $TestDrive $Page
        Copy-Item $files $folder -Recurse
        Set-Location $folder
        foreach ($file in $written[$Page]) { Remove-Item $file }
        if ($Page -in 'Get-MeshSandbox', 'Stop-MeshSandbox') { $null = Start-MeshSandbox }
        if ($Page -eq 'Set-MeshInjection') { Add-ExampleObject $production }
        # The README ends with a mesh that is removed.
        if ($Page -eq 'Install-VoiceCoreMesh') { Install-ExampleMesh $production }
    }

    AfterEach {
        $env:KUBECONFIG = $kubeconfig
        if ($Page -notin 'Get-MeshSandbox', 'Stop-MeshSandbox') { Get-MeshSandbox voicecore-sandbox -ErrorAction Ignore | Stop-MeshSandbox }
    }

    It '<Number>: <Title>' -ForEach $Examples {
        # It runs until somebody stops it.
        if ($Code -like '*-Wait*') {
            $sandbox = & ([scriptblock]::Create("$Code | Select-Object -First 1"))

            $sandbox.Name | Should-Be 'voicecore-sandbox'
            Test-Path sandbox.kubeconfig | Should-BeFalse
            return
        }

        $failures = @()
        $shown = try {
            & ([scriptblock]::Create($Code)) 2>&1 | ForEach-Object { if ($_ -is [Management.Automation.ErrorRecord]) { $failures += $_ } else { $_ } } | Out-String -Width 160
        }
        catch { $failures += $_ }

        if ($ends["$Page $Number"]) { "$failures" | Should-BeLikeString $ends["$Page $Number"] } else { "$failures" | Should-Be '' }
        if (-not $failures -and "$Page $Number" -notin $silent) { "$shown".Trim() | Should-NotBeEmptyString -Because $Code }
    }
}

Describe 'Topics' {
    It '<_> is the text of its page' -ForEach (Get-ChildItem (Join-Path $PSScriptRoot '../../docs') -Filter about_*.md).BaseName {
        . (Join-Path $root 'tools/AboutTopic.ps1')
        $text = ConvertTo-AboutTopic ([IO.File]::ReadAllText((Join-Path $root "docs/$_.md")))

        [IO.File]::ReadAllText((Join-Path $root "en-US/$_.help.txt")).ReplaceLineEndings("`n") | Should-Be $text -Because 'build.ps1 Help writes it'
    }
}
