using System.Diagnostics;
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

    private LabInstallation(string kubeconfig)
    {
        Api = KubernetesApiFactory.Create(kubeconfig, context: null);
    }

    internal KubernetesApi Api { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Connects, or skips the test. What the test before has deleted may still be on its way out: that is waited for.</summary>
    internal static async Task<LabInstallation> ConnectAsync()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG");
        Assert.SkipWhen(kubeconfig is null || Environment.GetEnvironmentVariable("VOICECORE_TEST_LAB") is null, "VOICECORE_TEST_LAB names no lab, or VOICECORE_TEST_KUBECONFIG not its kubeconfig.");
        var lab = new LabInstallation(kubeconfig!);
        var namespaces = await lab.Api.FindResourceAsync("", "Namespace", version: null, Stop);
        while (await lab.Api.ListAsync(namespaces!, @namespace: null, ListOptions.All, Stop).AnyAsync(item => item.Json["metadata"]!["deletionTimestamp"] is not null, Stop))
            await Task.Delay(200, Stop);
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

    /// <summary>Asks until the answer is the expected one, for a minute: controllers and proxies have their own time.</summary>
    internal static async Task EventuallyAsync<T>(T expected, Func<Task<T>> ask)
    {
        var waited = Stopwatch.StartNew();
        T answer;
        while (!Equals(answer = await ask(), expected) && waited.Elapsed < TimeSpan.FromSeconds(60))
            await Task.Delay(200, Stop);
        Assert.Equal(expected, answer);
    }

    public void Dispose() => Api.Dispose();
}
