using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Istioctl;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Sandbox.Tests.Running;

public sealed class RunningSandboxesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandboxes");

    [Fact]
    public async Task A_started_sandbox_answers_over_its_kubeconfig_and_tells_its_version()
    {
        var stop = TestContext.Current.CancellationToken;
        var sandbox = await RunningSandboxes.StartAsync(new SandboxRequest { Name = "answers", IstioVersion = "1.29.1" }, stop);
        try
        {
            using var api = KubernetesApiFactory.Create(sandbox.Kubeconfig, sandbox.Context);

            Assert.StartsWith("v1.", await api.GetServerVersionAsync(stop), StringComparison.Ordinal);
            Assert.True(api.Connection.IsSandbox);
            Assert.Equal("1.29.1", (await SandboxIstioctl.Create(api.Connection).GetClientVersionAsync(stop)).Text);
            Assert.Contains(sandbox, RunningSandboxes.All);
        }
        finally
        {
            Assert.Equal(SandboxState.Stopped, (await RunningSandboxes.StopAsync("answers")).State);
        }

        Assert.False(File.Exists(sandbox.Kubeconfig));
        Assert.DoesNotContain(RunningSandboxes.All, item => item.Name == "answers");
    }

    [Fact]
    public async Task Only_the_user_may_read_the_kubeconfig()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows gives rights to folders.");
        var sandbox = await RunningSandboxes.StartAsync(new SandboxRequest { Name = "private", Path = Path.Combine(_folder.FullName, "new", "config") }, TestContext.Current.CancellationToken);
        try
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sandbox.Kubeconfig));
        }
        finally
        {
            await RunningSandboxes.StopAsync("private");
        }
    }

    [Fact]
    public async Task A_kubeconfig_of_somebody_else_stays_as_it_is()
    {
        var path = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(path, "apiVersion: v1\nkind: Config\ncurrent-context: prod\ncontexts: [{ name: prod, context: { cluster: prod } }]\nclusters: [{ name: prod, cluster: { server: https://example.com } }]\n");

        var error = await Assert.ThrowsAsync<MeshException>(() => RunningSandboxes.StartAsync(new SandboxRequest { Name = "foreign", Path = path }, TestContext.Current.CancellationToken));

        Assert.Equal("SandboxKubeconfigForeign", error.Id);
        Assert.Contains("example.com", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.DoesNotContain(RunningSandboxes.All, item => item.Name == "foreign");
    }

    [Fact]
    public async Task What_a_sandbox_left_is_replaced_and_what_was_changed_is_left()
    {
        var stop = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder.FullName, "left");
        var first = await RunningSandboxes.StartAsync(new SandboxRequest { Name = "left", Path = path }, stop);
        var text = File.ReadAllText(first.Kubeconfig);
        await RunningSandboxes.StopAsync("left");
        File.WriteAllText(path, text);

        await RunningSandboxes.StartAsync(new SandboxRequest { Name = "left", Path = path }, stop);
        File.AppendAllText(path, "\n");
        await RunningSandboxes.StopAsync("left");

        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("1.19.0")]
    [InlineData("latest")]
    public void A_version_that_cannot_be_played_is_refused(string version) =>
        Assert.Equal("SandboxVersionInvalid", Assert.Throws<MeshException>(() => RunningSandboxes.Check(new SandboxRequest { Name = "version", IstioVersion = version })).Id);

    [Fact]
    public async Task A_name_runs_once()
    {
        var stop = TestContext.Current.CancellationToken;
        await RunningSandboxes.StartAsync(new SandboxRequest { Name = "once" }, stop);
        try
        {
            var error = await Assert.ThrowsAsync<MeshException>(() => RunningSandboxes.StartAsync(new SandboxRequest { Name = "once" }, stop));
            Assert.Equal("SandboxExists", error.Id);
        }
        finally
        {
            await RunningSandboxes.StopAsync("once");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
