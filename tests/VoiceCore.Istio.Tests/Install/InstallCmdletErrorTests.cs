using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>Bad input of the cmdlets that install, compare and uninstall, through the real engine: one clear error each, and nothing else.</summary>
public sealed class InstallCmdletErrorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("install");
    private readonly ModuleSession _session = new();

    public InstallCmdletErrorTests()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config"), ClosedCluster.Kubeconfig);
        File.WriteAllText(Path.Combine(_folder.FullName, "broken.yaml"), "apiVersion: mesh.voicecore.io/v1\nkind: MeshDefinition\nproduct: [");
        File.WriteAllText(Path.Combine(_folder.FullName, OperatingSystem.IsWindows() ? "istioctl.exe" : "istioctl"), "not a program");
    }

    public static TheoryData<string> Cmdlets => ["Install-VoiceCoreMesh -Confirm:$false", "Install-VoiceCoreMesh -WhatIf", "Compare-VoiceCoreMesh", "Test-MeshInstallation", "Uninstall-VoiceCoreMesh -Confirm:$false"];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Without_the_kubeconfig(string cmdlet) => FailsWith("KubeconfigNotFound", $"{cmdlet} -Kubeconfig absent");

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void With_a_context_that_is_not_there(string cmdlet) => FailsWith("ContextNotFound", $"{cmdlet} -Kubeconfig config -Context production");

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void With_a_malformed_definition(string cmdlet) => FailsWith("DefinitionInvalid", $"{cmdlet} -Kubeconfig config -DefinitionPath broken.yaml");

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Without_the_definition(string cmdlet) => FailsWith("DefinitionNotFound", $"{cmdlet} -Kubeconfig config -DefinitionPath absent.yaml");

    [Theory]
    [InlineData("Install-VoiceCoreMesh -WhatIf")]
    [InlineData("Compare-VoiceCoreMesh")]
    public void Without_istioctl(string cmdlet) => FailsWith("IstioctlNotFound", $"{cmdlet} -Kubeconfig config -IstioctlPath nothing");

    [Theory]
    [InlineData("Install-VoiceCoreMesh -WhatIf")]
    [InlineData("Compare-VoiceCoreMesh")]
    public void Without_the_images_of_workloads(string cmdlet) =>
        FailsWith("ImageMissing", $"{cmdlet} -Kubeconfig config -IncludeWorkloads -IstioctlPath ./istioctl");

    [Fact]
    public void The_definition_and_the_cluster_come_from_the_pipeline()
    {
        var parameters = _session.Run("(Get-Command Install-VoiceCoreMesh).Parameters.Values.Where{ $_.Attributes.ValueFromPipelineByPropertyName }.Name").ThrowOnError();

        var names = parameters.Output.Select(name => name.ToString()).ToList();
        Assert.All(["Context", "DefinitionPath", "Hub", "IstioctlPath", "Kubeconfig", "Revision"], name => Assert.Contains(name, names));
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private void FailsWith(string id, string command)
    {
        var result = _session.Run($"$null = $ExecutionContext.SessionState.Path.SetLocation('{_folder.FullName}'); {command}");

        Assert.Equal([id], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.StartsWith(result.Errors[0].Exception.Message + " ", result.Errors[0].ErrorDetails?.Message, StringComparison.Ordinal);
    }
}
