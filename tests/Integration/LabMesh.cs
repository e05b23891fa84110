using System.Diagnostics;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Integration;

/// <summary>The tests that share one mesh on the lab.</summary>
[CollectionDefinition(nameof(LabMesh))]
public sealed class LabMeshCollection : ICollectionFixture<LabMesh>;

/// <summary>Two revisions of Istio on the lab and a tag: <c>lab-1</c>, which is the default too, and <c>lab-2</c>, which the tag points to.</summary>
public sealed class LabMesh : IAsyncLifetime
{
    internal const string Revision = "lab-1";
    internal const string OtherRevision = "lab-2";
    internal const string Tag = "lab-tag";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string? _kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");
    private readonly string? _lab = Environment.GetEnvironmentVariable("VOICECORE_TEST_LAB");
    private readonly HashSet<string> _namespaces = ["istio-system"];
    private KubernetesApi? _api;

    internal KubernetesApi Api => _api!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (_kubeconfig is null || _lab is null)
            return;
        _api = KubernetesApiFactory.Create(_kubeconfig, context: null);
        await EventuallyAsync(NothingEndsAsync, "what others deleted is gone");
        foreach (var revision in new[] { Revision, OtherRevision })
            await RunAsync("istioctl", ["install", "--revision", revision, "--set", "profile=minimal", "--set", "values.telemetry.enabled=false", "-y"]);
        await RunAsync("istioctl", ["tag", "set", Tag, "--revision", OtherRevision, "-y"]);
        Api.ResetDiscovery();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is null)
            return;
        foreach (var name in _namespaces)
            await Api.DeleteAsync(new ObjectReference("", "Namespace", null, name), new DeleteOptions(), CancellationToken.None);
        // A purge leaves the webhooks of tags.
        await RunAsync("istioctl", ["tag", "remove", Tag, "-y"]);
        await RunAsync("istioctl", ["uninstall", "--purge", "-y"]);
        await EventuallyAsync(NothingEndsAsync, "the mesh is gone");
        _api.Dispose();
    }

    /// <summary>To be called by each test's constructor.</summary>
    internal void SkipWhenAbsent() =>
        Assert.SkipWhen(_kubeconfig is null || _lab is null, "VOICECORE_TEST_LAB names no lab, or VOICECORE_TEST_KUBECONFIG not its kubeconfig.");

    /// <summary>Applies a manifest; its namespaces are removed at the end.</summary>
    internal async Task ApplyAsync(string path)
    {
        var applied = await RunAsync("kubectl", ["apply", "--server-side", "--output", "name", "--filename", path]);
        _namespaces.UnionWith(applied.Output.Split('\n').Where(line => line.StartsWith("namespace/", StringComparison.Ordinal)).Select(line => line["namespace/".Length..].Trim()));
    }

    /// <summary>Makes a namespace with labels, as <c>a=b,c=d</c>, in which pods can be created; it is removed at the end.</summary>
    internal async Task NamespaceAsync(string name, string labels)
    {
        _namespaces.Add(name);
        await Api.CreateAsync(new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(labels) },
        }), new WriteOptions(), Stop);
        await EventuallyAsync(async () => await Api.GetAsync(new ObjectReference("", "ServiceAccount", name, "default"), Stop) is not null, $"{name} has its service account");
    }

    internal static JsonObject Labels(string text) => new(
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => KeyValuePair.Create(pair.Split('=')[0], (JsonNode?)pair.Split('=')[1])));

    /// <summary>The cluster as the cmdlets read it.</summary>
    internal Task<MeshSnapshot> SnapshotAsync() => ClusterSnapshot.ReadAsync(Api, SilentActivityLog.Instance, Stop);

    /// <summary>The cluster as a person would hand it in: the output of kubectl.</summary>
    internal static async Task<MeshSnapshot> ExportAsync()
    {
        const string Kinds = "namespaces,services,pods,endpointslices,configmaps,mutatingwebhookconfigurations,validatingwebhookconfigurations,"
            + "peerauthentications,authorizationpolicies,requestauthentications,destinationrules,virtualservices,sidecars,serviceentries,gateways.networking.istio.io";
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, (await RunAsync("kubectl", ["get", Kinds, "--all-namespaces", "--output", "yaml"])).Output);
            return MeshSnapshotReader.ReadPath(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Sends a request from where a pod is: through its proxy, or for a pod without one from its address.</summary>
    internal Task<ProcessOutput> CurlAsync(PodRecord pod, params string[] arguments) => pod.HasSidecar
        ? RunAsync(_lab!, ["pod-exec", pod.Key, "curl", .. arguments], mayFail: true)
        : RunAsync("curl", ["--interface", pod.IP, .. arguments], mayFail: true);

    /// <summary>
    /// Lets the proxy carry what its pod sends to pods, as it carries what goes to services: the lab redirects the latter only, istio-iptables both.
    /// </summary>
    internal Task RedirectToPodsAsync(PodRecord pod) =>
        RunAsync(_lab!, ["pod-exec", pod.Key, "iptables", "-t", "nat", "-A", "OUTPUT", "-d", "10.244.0.0/16", "-p", "tcp", "-j", "REDIRECT", "--to-ports", "15001"]);

    /// <summary>Waits until every proxy has all that was applied before.</summary>
    /// <remarks>
    /// A listener of its own is announced last. istiod pushes clusters, endpoints, listeners and routes in this order and always all that it
    /// knows, so who serves the new listener (which waits for its route) has the rest.
    /// </remarks>
    internal async Task ConvergeAsync(IReadOnlyCollection<PodRecord> proxies)
    {
        const int Port = 17001;
        foreach (var ns in proxies.Select(pod => pod.Namespace).Distinct())
            await Api.ApplyAsync(new KubernetesObject(JsonNode.Parse($$"""
                {
                  "apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": { "name": "last", "namespace": "{{ns}}" },
                  "spec": { "hosts": ["last.{{ns}}.example"], "exportTo": ["."], "location": "MESH_EXTERNAL", "resolution": "STATIC",
                            "ports": [{ "number": {{Port}}, "name": "http", "protocol": "HTTP" }], "endpoints": [{ "address": "203.0.113.1" }] }
                }
                """)!.AsObject()), new ApplyOptions(), Stop);
        foreach (var pod in proxies)
            await EventuallyAsync(async () => (await CurlAsync(pod, "-s", "localhost:15000/listeners")).Output.Contains($":{Port}\n", StringComparison.Ordinal), $"{pod.Key} has the newest configuration");
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> isSo, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(waited.Elapsed < Limit, $"Not within {Limit.TotalSeconds} s: {what}.");
            await Task.Delay(100, Stop);
        }
    }

    internal static async Task<ProcessOutput> RunAsync(string program, string[] arguments, bool mayFail = false)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(mayFail || process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return new ProcessOutput(process.ExitCode, output);
    }

    private async Task<bool> NothingEndsAsync()
    {
        var namespaces = await Api.FindResourceAsync("", "Namespace", version: null, Stop);
        return !await Api.ListAsync(namespaces!, @namespace: null, ListOptions.All, Stop).AnyAsync(item => item.Json["metadata"]!["deletionTimestamp"] is not null, Stop);
    }
}

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record ProcessOutput(int ExitCode, string Output);
