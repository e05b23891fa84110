using System.Management.Automation;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Definition;

/// <summary>The cmdlets that write, check and render definitions, through the real engine.</summary>
public sealed class DefinitionCmdletTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("definition");
    private readonly ModuleSession _session = new();

    [Fact]
    public void The_shipped_definition_is_checked_without_a_path() =>
        Assert.True((bool)Assert.Single(Run("Test-MeshDefinition -Quiet").ThrowOnError().Output).BaseObject);

    [Fact]
    public void A_new_definition_is_written_checked_and_rendered()
    {
        Run("New-MeshDefinition mesh.yaml -Product shop -Service web, cart").ThrowOnError();
        var findings = Run("Test-MeshDefinition mesh.yaml").ThrowOnError().Output;
        var files = Run("Export-VoiceCoreMesh out -DefinitionPath mesh.yaml").ThrowOnError().Output;

        Assert.DoesNotContain(findings, finding => Text(finding, "Severity") == "Error");
        Assert.All(findings, finding => Assert.Equal(Path.Combine(_folder.FullName, "mesh.yaml"), Text(finding, "Path")));
        Assert.All(files, file => Assert.True(File.Exists(Text(file, "FullName"))));
        Assert.Contains(files, file => Text(file, "Name") == "mtls-policy.yaml");
    }

    [Fact]
    public void A_second_export_touches_nothing_and_says_so()
    {
        Run("Export-VoiceCoreMesh out").ThrowOnError();
        var before = File.GetLastWriteTimeUtc(Path.Combine(_folder.FullName, "out", "gateways.yaml"));

        var again = Run("Export-VoiceCoreMesh out").ThrowOnError();

        Assert.All(again.Output, file => Assert.Equal("Unchanged", Text(file, "Action")));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(_folder.FullName, "out", "gateways.yaml")));
        Assert.Contains(again.Warnings, warning => warning.StartsWith("VCM0101 services.tenant.retries", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("New-MeshDefinition new.yaml -WhatIf")]
    [InlineData("Export-VoiceCoreMesh new -WhatIf")]
    [InlineData("Export-MeshSnapshot new.json.gz -SnapshotPath . -WhatIf")]
    public void WhatIf_writes_nothing(string command)
    {
        Run(command).ThrowOnError();

        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Every_file_of_a_wildcard_and_of_the_pipeline_is_checked()
    {
        Run("'a', 'b' | ForEach-Object { New-MeshDefinition \"$_.yaml\" }").ThrowOnError();

        Assert.Equal(2, Run("Test-MeshDefinition *.yaml -Quiet").ThrowOnError().Output.Count);
        Assert.Equal(2, Run("[IO.FileInfo]::new(\"$PWD/a.yaml\"), [IO.FileInfo]::new(\"$PWD/b.yaml\") | Test-MeshDefinition -Quiet").ThrowOnError().Output.Count);
    }

    [Fact]
    public void Failures_have_stable_ids_and_leave_the_other_items_alone()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.yaml"), "apiVersion: mesh.voicecore.io/v1\nkind: MeshDefinition\nproduct: x\n");
        Run("New-MeshDefinition good.yaml").ThrowOnError();

        var test = Run("Test-MeshDefinition absent.yaml, good.yaml -Quiet");
        Assert.Equal(["DefinitionNotFound"], test.ErrorIds);
        Assert.Equal([false, true], test.Output.Select(value => (bool)value.BaseObject));
        Assert.Equal(["DefinitionInvalid"], Run("Export-VoiceCoreMesh out -DefinitionPath bad.yaml").ErrorIds);
        Assert.Equal(["RevisionInvalid"], Run("Export-VoiceCoreMesh out -Revision 1.30.3").ErrorIds);
        Assert.Equal(["DefinitionExists"], Run("New-MeshDefinition good.yaml").ErrorIds);
        Assert.Equal(["TemplateInvalid"], Run("New-MeshDefinition new.yaml -Product Shop -Service web").ErrorIds);
        Assert.Empty(Run("New-MeshDefinition good.yaml -Force").ErrorIds);
    }

    // Env: stands for every drive that holds no files, such as HKLM: and Cert: on Windows.
    [Theory]
    [InlineData("New-MeshDefinition Env:/mesh.yaml")]
    [InlineData("New-MeshDefinition Nowhere:/mesh.yaml")]
    [InlineData("New-MeshDefinition Registry::HKEY_LOCAL_MACHINE/mesh.yaml")]
    [InlineData("$null = $ExecutionContext.SessionState.Path.SetLocation('Env:'); New-MeshDefinition mesh.yaml")]
    [InlineData("Export-VoiceCoreMesh Env:/out")]
    [InlineData("Export-VoiceCoreMesh out -DefinitionPath Env:/mesh.yaml")]
    [InlineData("Test-MeshDefinition Env:/mesh.yaml")]
    [InlineData("Test-MeshDefinition Env:/*")]
    [InlineData("Test-MeshDefinition -LiteralPath Nowhere:/mesh.yaml")]
    [InlineData("Import-MeshSnapshot Env:/*")]
    [InlineData("Export-MeshSnapshot Env:/mesh.gz -SnapshotPath .")]
    [InlineData("Get-MeshInjection -SnapshotPath Env:/mesh")]
    [InlineData("Start-MeshSandbox -Path Env:/config")]
    public void A_path_that_is_none_of_files_is_refused(string command)
    {
        var result = Run(command);

        Assert.Equal(["PathInvalid"], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void Paths_may_name_drives_the_provider_and_brackets()
    {
        Run($"$null = $ExecutionContext.SessionState.Drive.New([System.Management.Automation.PSDriveInfo]::new('Mesh', $ExecutionContext.SessionState.Provider.GetOne('FileSystem'), '{_folder.FullName}', '', $null), 'Global')").ThrowOnError();

        Run("New-MeshDefinition 'Mesh:/a[1].yaml'").ThrowOnError();

        Assert.True(File.Exists(Path.Combine(_folder.FullName, "a[1].yaml")));
        Assert.Single(Run($"Test-MeshDefinition -LiteralPath 'Microsoft.PowerShell.Core\\FileSystem::{Path.Combine(_folder.FullName, "a[1].yaml")}' -Quiet").ThrowOnError().Output);
        Assert.Single(Run("Test-MeshDefinition 'Mesh:/*.yaml' -Quiet").ThrowOnError().Output);
        Assert.NotEmpty(Run("Export-VoiceCoreMesh out -DefinitionPath './a[1].yaml'").ThrowOnError().Output);
    }

    // PowerShell takes the comma for a mark between thousands: half of it would be five.
    [Theory]
    [InlineData("ConvertFrom-MeshCertificatePolicy -GracePeriodRatio '0,5'")]
    [InlineData("ConvertFrom-MeshCertificatePolicy -GracePeriodRatioJitter '0,01'")]
    [InlineData("Set-MeshTrafficSplit web -Mirror v2 -MirrorPercentage '0,5'")]
    public void A_decimal_comma_is_refused(string command) =>
        Assert.Equal(["ParameterArgumentTransformationError"], Run(command).ErrorIds);

    [Fact]
    public void A_decimal_point_is_taken_as_a_number_and_as_a_text() =>
        Assert.Equal(2, Run("ConvertFrom-MeshCertificatePolicy -GracePeriodRatio 0.4; ConvertFrom-MeshCertificatePolicy -GracePeriodRatio '0.4'").ThrowOnError().Output.Count);

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private ModuleResult Run(string script) =>
        _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); {script}");

    private static string? Text(PSObject item, string property) => item.Properties[property].Value?.ToString();
}
