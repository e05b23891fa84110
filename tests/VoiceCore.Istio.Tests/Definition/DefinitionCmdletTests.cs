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

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private ModuleResult Run(string script) =>
        _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); {script}");

    private static string? Text(PSObject item, string property) => item.Properties[property].Value?.ToString();
}
