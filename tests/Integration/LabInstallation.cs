using System.Diagnostics;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Integration;

/// <summary>The lab's cluster for a test that installs a mesh on it and takes it back.</summary>
internal sealed class LabInstallation : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _lab;

    private LabInstallation(string kubeconfig, string lab)
    {
        _lab = lab;
        Api = KubernetesApiFactory.Create(kubeconfig, context: null);
    }

    internal KubernetesApi Api { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// Connects, or skips the test. What the test before has deleted may still be on its way out: that is waited for. What istioctl leaves
    /// of a mesh goes too: a product that is the last to go takes it along, so that a test would miss at its end what it found at its beginning.
    /// </summary>
    internal static async Task<LabInstallation> ConnectAsync()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");
        var program = Environment.GetEnvironmentVariable("VOICECORE_TEST_LAB");
        Assert.SkipWhen(kubeconfig is null || program is null, "VOICECORE_TEST_LAB names no lab, or VOICECORE_TEST_KUBECONFIG not its kubeconfig.");
        var lab = new LabInstallation(kubeconfig!, program!);
        await lab.Api.DeleteAsync(new ObjectReference("", "Namespace", null, "istio-system"), new DeleteOptions(), Stop);
        await LabMesh.EventuallyAsync(() => LabMesh.NothingEndsAsync(lab.Api), "what others deleted is gone");
        var configMaps = await lab.Api.FindResourceAsync("", "ConfigMap", version: null, Stop);
        await foreach (var left in lab.Api.ListAsync(configMaps!, @namespace: null, new ListOptions { LabelSelector = "istio.io/config=true" }, Stop))
            await lab.Api.DeleteAsync(left.Reference, new DeleteOptions(), Stop);
        return lab;
    }

    /// <summary>The definition as the lab can run it: its Envoy lacks Istio's own filters, which nobody asks for without telemetry.</summary>
    internal static MeshDefinition Adapted(MeshDefinition definition) => definition with
    {
        ControlPlane = definition.ControlPlane with { Settings = new Dictionary<string, string> { ["values.telemetry.enabled"] = "false" } },
        Images = definition.Images.Registry is null ? definition.Images with { Registry = "registry.example.com" } : definition.Images,
    };

    internal IIstioctl Istioctl() => IstioctlFactory.Create(path: null, Api.Connection, _ => throw new InvalidOperationException("not a sandbox"));

    /// <summary>Installs a mesh with its workloads, whatever others have changed meanwhile.</summary>
    internal async Task<MeshPlan> InstallAsync(MeshDefinition definition)
    {
        Api.ResetDiscovery();
        var plan = await new MeshPlanner(Api, Istioctl()).PlanAsync(new MeshInstallRequest { Definition = definition, IncludeWorkloads = true }, SilentActivityLog.Instance, Stop);
        await foreach (var step in new MeshInstaller(Api, Istioctl(), Limit, SilentActivityLog.Instance).ApplyAsync(plan, force: true, Stop))
            Assert.Null(step.Error);
        return plan;
    }

    /// <summary>Takes everything of a product back.</summary>
    internal async Task UninstallAsync(string product)
    {
        var plan = await new MeshUninstallPlanner(Api).PlanAsync(product, removeCrds: false, SilentActivityLog.Instance, CancellationToken.None);
        await foreach (var step in new MeshUninstaller(Api, Istioctl(), Limit, SilentActivityLog.Instance).ApplyAsync(plan, null, CancellationToken.None))
            Assert.Null(step.Error);
    }

    /// <summary>Waits until the cluster is as it was: the garbage collector needs a moment for what belonged to removed objects. The kinds stay.</summary>
    internal Task NothingStaysAsync(ClusterInventory before) => EventuallyAsync("", async () => string.Join(
        '\n',
        (await ClusterInventory.TakeAsync(Api, Stop)).ChangesSince(before).Where(change => !change.Contains("CustomResourceDefinition", StringComparison.Ordinal))));

    /// <summary>Asks until the answer is the expected one: controllers and proxies have their own time.</summary>
    internal static async Task EventuallyAsync<T>(T expected, Func<Task<T>> ask)
    {
        var waited = Stopwatch.StartNew();
        T answer;
        while (!Equals(answer = await ask(), expected) && waited.Elapsed < Limit)
            await Task.Delay(200, Stop);
        Assert.Equal(expected, answer);
    }

    /// <summary>
    /// Gives a Deployment a new pod with a real proxy. The lab answers HTTP at the ports of its containers: without them
    /// (<paramref name="isPlayed"/> false) what a test starts in the pod can have them.
    /// </summary>
    internal async Task RestartAsync(string ns, string name, bool isPlayed = true)
    {
        var reference = new ObjectReference("apps", "Deployment", ns, name);
        var template = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { ["meshlab/proxy"] = "true", ["restarted"] = Guid.NewGuid().ToString() },
            },
        };
        if (!isPlayed)
        {
            var containers = (await Api.GetAsync(reference, Stop))!.Json["spec"]!["template"]!["spec"]!["containers"]!.DeepClone().AsArray();
            foreach (var container in containers)
                container!.AsObject().Remove("ports");
            template["spec"] = new JsonObject { ["containers"] = containers };
        }

        var patch = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } };
        var generation = (int)(await Api.MergePatchAsync(reference, patch, new WriteOptions { FieldManager = "the-lab" }, Stop)).Json["metadata"]!["generation"]!;
        await EventuallyAsync("1 of 1", async () =>
        {
            var status = (await Api.GetAsync(reference, Stop))!.Json["status"];
            return (int?)status?["observedGeneration"] >= generation && (int?)status["updatedReplicas"] == 1
                ? $"{(int?)status["availableReplicas"]} of {(int?)status["replicas"]}"
                : "not yet";
        });
    }

    /// <summary>The pod of an app that is not on its way out.</summary>
    internal async Task<KubernetesObject> PodAsync(string ns, string app)
    {
        var resource = await Api.FindResourceAsync("", "Pod", null, Stop);
        await foreach (var pod in Api.ListAsync(resource!, ns, new ListOptions { LabelSelector = $"app={app}" }, Stop))
        {
            if (pod.Json["metadata"]!["deletionTimestamp"] is null)
                return pod;
        }

        throw new InvalidOperationException($"{app} has no pod.");
    }

    /// <summary>Runs a program in an app's pod and gives what it prints.</summary>
    internal async Task<string> ExecAsync(string ns, string app, params string[] command) =>
        (await LabMesh.RunAsync(_lab, ["pod-exec", $"{ns}/{(await PodAsync(ns, app)).Name}", .. command], mayFail: true)).Output.Trim();

    /// <summary>Starts a program in an app's pod.</summary>
    internal async Task<Process> StartAsync(string ns, string app, string[] command, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(_lab, ["pod-exec", $"{ns}/{(await PodAsync(ns, app)).Name}", .. command]) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => Api.Dispose();
}
