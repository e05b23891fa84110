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

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

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
        await EventuallyAsync(() => NothingEndsAsync(Api), "what others deleted is gone");
        foreach (var revision in new[] { Revision, OtherRevision })
            await RunAsync("istioctl", ["install", "--revision", revision, "--set", "profile=minimal", "--set", "values.telemetry.enabled=false", "-y"]);
        await RunAsync("istioctl", ["tag", "set", Tag, "--revision", OtherRevision, "-y"]);
        Api.ResetDiscovery();
        await EventuallyAsync(WebhooksHaveCertificatesAsync, "istiod has written its certificate into all webhooks");
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is null)
            return;
        foreach (var name in _namespaces)
            await Api.DeleteAsync(new ObjectReference("", "Namespace", null, name), new DeleteOptions(), CancellationToken.None);
        // A purge leaves the webhooks of tags. There is none where the set-up failed before, and the rest goes all the same.
        await RunAsync("istioctl", ["tag", "remove", Tag, "-y"], mayFail: true);
        await RunAsync("istioctl", ["uninstall", "--purge", "-y"]);
        await EventuallyAsync(() => NothingEndsAsync(Api), "the mesh is gone");
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

    /// <summary>
    /// Waits until the pods of the namespaces whose names begin with <paramref name="prefix"/> are ready and can be reached: the endpoints of
    /// their Services list them a moment later.
    /// </summary>
    internal async Task<PodRecord[]> ReadyAsync(string prefix)
    {
        PodRecord[] pods = [];
        await EventuallyAsync(
            async () =>
            {
                var snapshot = await SnapshotAsync();
                pods = [.. snapshot.Pods.Where(pod => pod.Namespace.StartsWith(prefix, StringComparison.Ordinal))];
                return pods.Length > 0 && pods.All(pod => pod.Ready && IsReachable(snapshot, pod));
            },
            $"the pods of {prefix} are ready");
        return pods;
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

    /// <summary>
    /// Sends a request from where a pod is: through its proxy, or for a pod without one from its address. It ends after a minute, unless the
    /// arguments say otherwise.
    /// </summary>
    internal Task<ProcessOutput> CurlAsync(PodRecord pod, params string[] arguments) => pod.HasSidecar
        ? RunAsync(_lab!, ["pod-exec", pod.Key, "curl", "--max-time", "60", .. arguments], mayFail: true)
        : RunAsync("curl", ["--max-time", "60", "--interface", pod.IP, .. arguments], mayFail: true);

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

    /// <summary>Waits until the server serves a kind that was defined a moment ago.</summary>
    internal static Task ServedAsync(KubernetesApi api, string group, string kind) => EventuallyAsync(
        async () =>
        {
            api.ResetDiscovery();
            return await api.FindResourceAsync(group, kind, version: null, Stop) is not null;
        },
        $"{kind} is served");

    /// <summary>Whether all that was deleted is gone, as far as namespaces tell.</summary>
    internal static async Task<bool> NothingEndsAsync(KubernetesApi api)
    {
        var namespaces = await api.FindResourceAsync("", "Namespace", version: null, Stop);
        return !await api.ListAsync(namespaces!, @namespace: null, ListOptions.All, Stop).AnyAsync(item => item.Json["metadata"]!["deletionTimestamp"] is not null, Stop);
    }

    /// <summary>Runs a program, which is ended with all that it started when the test is stopped or when it takes too long.</summary>
    internal static async Task<ProcessOutput> RunAsync(string program, string[] arguments, bool mayFail = false)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(Limit);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var killing = end.Token.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(end.Token);
        var output = await process.StandardOutput.ReadToEndAsync(end.Token);
        await process.WaitForExitAsync(end.Token);
        Assert.True(mayFail || process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return new ProcessOutput(process.ExitCode, output);
    }

    private static bool IsReachable(MeshSnapshot snapshot, PodRecord pod) => snapshot.Services
        .Where(service => service.Namespace == pod.Namespace && service.Selector.Count > 0 && pod.Labels.Matches(service.Selector))
        .All(service => snapshot.EndpointSlices.Where(slice => slice.Namespace == service.Namespace && slice.Service == service.Name)
            .SelectMany(slice => slice.Endpoints).Any(endpoint => endpoint.Pod == pod.Name && endpoint.Ready));

    // istiod does so by itself, a moment after it is ready; until then the API server trusts no answer.
    private async Task<bool> WebhooksHaveCertificatesAsync()
    {
        var resource = await Api.FindResourceAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", version: null, Stop);
        var options = new ListOptions { LabelSelector = $"istio.io/rev in ({Revision},{OtherRevision})" };
        return await Api.ListAsync(resource!, @namespace: null, options, Stop)
            .AllAsync(configuration => configuration.Json["webhooks"]!.AsArray().All(webhook => webhook!["clientConfig"]!["caBundle"] is not null), Stop);
    }
}

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record ProcessOutput(int ExitCode, string Output);
