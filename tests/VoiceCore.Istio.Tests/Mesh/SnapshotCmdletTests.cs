using System.Management.Automation;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Saving a mesh and judging what was saved, through the real engine and against the sandbox.</summary>
public sealed class SnapshotCmdletTests : IAsyncLifetime
{
    private static readonly string[] Judges =
    [
        "Test-MeshTls",
        "Get-MeshCircuitBreaker",
        "Get-MeshInjection",
        "Get-MeshWorkload",
        "Test-MeshConfiguration",
        "Test-MeshAuthorization -From voicecore-ai/gateway -To voicecore-ai/tenant",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-snapshot-");
    private readonly ModuleSession _session = new();
    private MeshSandbox _sandbox = null!;

    private string Saved => Path.Combine(_folder.FullName, "saved.json.gz");

    public async ValueTask InitializeAsync()
    {
        _sandbox = await MeshSandbox.StartAsync(new MeshSandboxOptions(), TestContext.Current.CancellationToken);
        var config = Path.Combine(_folder.FullName, "config");
        await File.WriteAllTextAsync(config, _sandbox.Kubeconfig);
        var definition = Path.Combine(_folder.FullName, "mesh.yaml");
        Run("New-MeshDefinition $definition -ImageRegistry registry.example.com -ImageTag 3.0.0 | Out-Null", ("definition", definition), ("config", config), ("saved", Saved));
        Run("Install-VoiceCoreMesh $definition -IncludeWorkloads -Timeout 60 -Confirm:$false -Kubeconfig $config -WarningAction Ignore | Out-Null");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_saved_cluster_gives_the_verdicts_of_the_live_one()
    {
        Run("Export-MeshSnapshot $saved -Kubeconfig $config");

        foreach (var judge in Judges)
        {
            var live = Objects($"{judge} -Kubeconfig $config");
            Assert.NotEmpty(live);
            Assert.Equal(live, Objects($"{judge} -SnapshotPath $saved"));
            Assert.Equal(live, Objects($"Import-MeshSnapshot $saved | {judge}"));
        }
    }

    [Fact]
    public void Saving_reads_and_asks_for_no_secret()
    {
        _sandbox.Requests.Clear();

        Run("Export-MeshSnapshot $saved -Kubeconfig $config");

        Assert.NotEmpty(_sandbox.Requests.Requests);
        Assert.All(_sandbox.Requests.Requests, request => Assert.Equal("GET", request.Method));
        Assert.DoesNotContain(_sandbox.Requests.Requests, request => request.Path.Contains("secrets", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_time_is_what_tells_two_files_of_a_state_apart()
    {
        Run("foreach ($name in 'a', 'b') { Export-MeshSnapshot \"$saved.$name\" -Kubeconfig $config -Taken 2026-11-25T09:30:00Z }");

        Assert.Equal(File.ReadAllBytes(Saved + ".a"), File.ReadAllBytes(Saved + ".b"));
        Assert.Equal(["2026-11-25T09:30:00.0000000Z True"], Run("Import-MeshSnapshot \"$saved.a\" | ForEach-Object { \"$($_.Taken.ToString('o')) $($_.IsComplete)\" }").Select(item => item.ToString()));
    }

    [Fact]
    public async Task A_saved_state_is_compared_with_the_cluster_as_it_is()
    {
        Run("Export-MeshSnapshot $saved -Kubeconfig $config");
        Assert.Empty(Run("Compare-MeshSnapshot $saved -Kubeconfig $config"));

        using var api = KubernetesApiFactory.Create(Path.Combine(_folder.FullName, "config"), context: null);
        var patch = JsonNode.Parse("""{"spec":{"trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":7}}}}}""")!.AsObject();
        await api.MergePatchAsync(
            new ObjectReference("networking.istio.io", "DestinationRule", "voicecore-ai", "billing"), patch, new WriteOptions { FieldManager = "somebody" }, TestContext.Current.CancellationToken);

        var verdict = Assert.Single(Run("Compare-MeshSnapshot $saved -Kubeconfig $config -Area CircuitBreaker, MutualTls, Route, Injection, Authorization"));
        Assert.Equal("CircuitBreaker", Text(verdict, "Area"));
        Assert.StartsWith("voicecore-ai/billing:", Text(verdict, "Subject"), StringComparison.Ordinal);
        Assert.Equal(["DestinationRule voicecore-ai/billing"], (IReadOnlyList<string>)verdict.Properties["Causes"].Value);
    }

    private static string Text(PSObject item, string property) => item.Properties[property].Value.ToString()!;

    private IReadOnlyList<PSObject> Run(string script, params (string Name, string Value)[] variables) =>
        _session.Run(script, variables.ToDictionary(variable => variable.Name, variable => (object?)variable.Value)).ThrowOnError().Output;

    // What a cmdlet wrote, with all properties.
    private string[] Objects(string script) => [.. Run(script).Select(item => PSSerializer.Serialize(item, 4))];
}
