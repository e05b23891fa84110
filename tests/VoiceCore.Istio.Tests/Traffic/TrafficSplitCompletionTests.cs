using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Tests.Install;

namespace VoiceCore.Istio.Tests.Traffic;

/// <summary>What Tab offers for services and namespaces of splits, through the real engine, from the sandbox.</summary>
public sealed class TrafficSplitCompletionTests : IAsyncLifetime
{
    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync()
    {
        _module = await SandboxedModule.StartAsync();
        await ApplyAsync("""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shopping" } }""");
        foreach (var name in new[] { "stock", "stock-archive", "order" })
            await ApplyAsync($$"""{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "{{name}}", "namespace": "shopping" }, "spec": { "ports": [{ "port": 80 }] } }""");
    }

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Theory]
    [InlineData("Get-MeshTrafficSplit", "-Service sto", "stock,stock-archive")]
    [InlineData("Get-MeshTrafficSplit", "sto", "stock,stock-archive")]
    [InlineData("Set-MeshTrafficSplit", "-Service or", "order")]
    [InlineData("Get-MeshTrafficSplit", "-Namespace shopp", "shopping")]
    [InlineData("Set-MeshTrafficSplit", "stock -Namespace shopp", "shopping")]
    [InlineData("Set-MeshTrafficSplit", "-Service absent-", "")]
    public void Tab_offers_what_is_there(string cmdlet, string begun, string expected)
    {
        var offered = Enumerable.Range(0, 10).Select(attempt => Complete(cmdlet, Copy(attempt), begun)).FirstOrDefault(offered => offered.Length > 0, []);

        Assert.Equal(expected, string.Join(",", offered.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("-Service sto")]
    [InlineData("-Namespace shopp")]
    public void Tab_says_nothing_where_there_is_no_cluster(string begun) => Assert.Empty(Complete("Get-MeshTrafficSplit", _module.PathOf("absent"), begun));

    private string[] Complete(string cmdlet, string kubeconfig, string begun) => _module.Complete($"{cmdlet} -Kubeconfig '{kubeconfig}' {begun}");

    // A cluster that took too long to answer is not asked again for a while by the same file: each attempt has one of its own.
    private string Copy(int attempt)
    {
        var copy = _module.PathOf($"config-{attempt}");
        File.Copy(_module.PathOf("config"), copy);
        return copy;
    }

    private Task<KubernetesObject> ApplyAsync(string json) =>
        _module.Api.ApplyAsync(new KubernetesObject((JsonObject)JsonNode.Parse(json)!), new ApplyOptions { FieldManager = "the-team" }, SandboxedModule.Stop);
}
