using VoiceCore.Istio.Sandbox;
using VoiceCore.Istio.Tests.Install;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Objects of one pipeline that are about different clusters, as <c>Get-MeshSandbox</c> writes them.</summary>
public sealed class SeveralClustersTests : IAsyncLifetime
{
    private SandboxedModule _module = null!;
    private MeshSandbox _other = null!;

    public async ValueTask InitializeAsync()
    {
        _module = await StartAsync();
        _module.Run("Install-VoiceCoreMesh -Timeout 60 -Confirm:$false").ThrowOnError();
        _other = await MeshSandbox.StartAsync(new MeshSandboxOptions(), Stop);
        await File.WriteAllTextAsync(_module.PathOf("other"), _other.Kubeconfig, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _module.DisposeAsync();
    }

    [Theory]
    [InlineData("config", "other")]
    [InlineData("other", "config")]
    public void Each_is_asked(string first, string second)
    {
        var result = _module.RunScript(Clusters(first, second) + " | Get-MeshInjection -Namespace voicecore-ai");

        Assert.Equal(["voicecore-ai"], result.Output.Select(row => Text(row, "Namespace")).Distinct());
        Assert.Equal(["MeshNamespaceNotFound"], result.ErrorIds);
    }

    [Theory]
    [InlineData("config", "other")]
    [InlineData("other", "config")]
    public void Each_is_compared(string first, string second)
    {
        var result = _module.RunScript(Clusters(first, second) + $" | Compare-VoiceCoreMesh -DefinitionPath '{_module.PathOf("mesh.yaml")}' -WarningAction Ignore").ThrowOnError();

        // All is as it should be in one of them, and nothing is there in the other.
        Assert.NotEmpty(result.Output);
        Assert.All(result.Output, drift => Assert.Equal("Create", Text(drift, "Action")));
    }

    [Fact]
    public void Each_is_changed()
    {
        var result = _module.RunScript(Clusters("other", "config") + " | Set-MeshInjection voicecore-ai -Disabled -WhatIf");

        Assert.Single(result.Output);
        Assert.Equal(["NamespaceNotFound"], result.ErrorIds);
    }

    [Fact]
    public void A_configuration_that_cannot_be_used_fails_its_object_only()
    {
        var result = _module.RunScript(Clusters("absent", "config") + " | Get-MeshWorkload istiod*");

        Assert.Equal(["KubeconfigNotFound"], result.ErrorIds);
        Assert.Single(result.Output);
    }

    private string Clusters(params string[] files) =>
        $"{string.Join(", ", files.Select(file => $"'{_module.PathOf(file)}'"))} | ForEach-Object {{ [pscustomobject]@{{ Kubeconfig = $_ }} }}";
}
