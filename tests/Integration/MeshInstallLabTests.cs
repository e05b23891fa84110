using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Integration;

/// <summary>The whole mesh on a real API server with a real istioctl and istiod: planned, installed, contested and removed.</summary>
public sealed class MeshInstallLabTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private LabInstallation? _lab;

    private KubernetesApi Api => _lab!.Api;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The lab's Envoy lacks Istio's own filters: without telemetry they are not asked for.
    private static MeshDefinition Definition => MeshDefinitionFile.VoiceCore with
    {
        ControlPlane = MeshDefinitionFile.VoiceCore.ControlPlane with { Settings = new Dictionary<string, string> { ["values.telemetry.enabled"] = "false" } },
        Images = new ImageSource { Registry = "registry.example.com/voicecore", Tag = "3.0.0" },
    };

    public async ValueTask InitializeAsync() => _lab = await LabInstallation.ConnectAsync();

    // A test that fails leaves its mesh, which is not removed with what it tests: the next one is not to fail for that.
    public async ValueTask DisposeAsync()
    {
        if (_lab is null)
            return;
        await LabMesh.RunAsync("istioctl", ["uninstall", "--purge", "-y"], mayFail: true);
        foreach (var name in new[] { "voicecore-ai", "observability" })
            await Api.DeleteAsync(new ObjectReference("", "Namespace", null, name), new DeleteOptions(), CancellationToken.None);
        _lab.Dispose();
    }

    [Fact]
    public async Task The_mesh_is_planned_installed_kept_and_removed()
    {
        var before = await ClusterInventory.TakeAsync(Api, Stop);

        var plan = await PlanAsync(Api, Definition);
        Assert.Empty((await ClusterInventory.TakeAsync(Api, Stop)).WritesSince(before));
        Assert.All(plan.Rows, row => Assert.Equal(before.Has(row.Object), row.Action != PlanAction.Create));

        await InstallAsync(plan);
        await EverythingIsReadyAsync();

        var second = await PlanAsync(Api, Definition);
        Assert.All(second.Rows, row => Assert.True(row.Action == PlanAction.Unchanged, $"{row.Object}: {row.Action} {string.Join("; ", row.Differences)}"));
        Assert.All(await InstallAsync(second), row => Assert.False(row.Applied));

        await OneChangedFieldIsOneUpdateAsync();
        await AFieldOfAnotherManagerIsAConflictAsync();
        await AChangedControlPlaneIsSeenAsync();
        await AReaderPlansAsync();
        await NobodyIsToldWhatIsMissingAsync();
        await WhatIsNoLongerWantedGoesOnRequestAsync();

        await UninstallAsync();
        await _lab!.NothingStaysAsync(before);
        Assert.Empty((await new MeshUninstallPlanner(Api).PlanAsync(Definition.Product, removeCrds: false, SilentActivityLog.Instance, Stop)).Rows);
    }

    [Fact]
    public async Task What_was_there_before_conflicts_is_taken_over_on_request_and_given_back()
    {
        await CreateAsync("Namespace", "v1", null, "voicecore-ai", metadata: new JsonObject { ["labels"] = new JsonObject { ["istio-injection"] = "enabled", ["team"] = "voice" } });
        await CreateAsync("ConfigMap", "v1", "voicecore-ai", "settings-of-the-team");
        var before = await ClusterInventory.TakeAsync(Api, Stop);
        var plan = await PlanAsync(Api, Definition, includeWorkloads: false);
        var conflict = Assert.Single(plan.Conflicts);
        Assert.Equal("Namespace voicecore-ai", conflict.Object.ToString());
        Assert.Contains(conflict.Differences, difference => difference is { Path: ".metadata.labels.istio-injection", Live: "enabled", Wanted: null });

        var refused = await StepsAsync(plan, force: false);
        Assert.Equal("PlanConflict", Assert.Single(refused).Error!.Id);
        Assert.Empty((await ClusterInventory.TakeAsync(Api, Stop)).WritesSince(before));

        await InstallAsync(plan, force: true);
        var ns = await Api.GetAsync(new ObjectReference("", "Namespace", null, "voicecore-ai"), Stop);
        Assert.Equal((null, "voice"), (ns!.Label("istio-injection"), ns.Label("team")));
        Assert.Equal(plan.Revision, ns.Label("istio.io/rev"));
        Assert.All((await PlanAsync(Api, Definition, includeWorkloads: false)).Rows, row => Assert.Equal(PlanAction.Unchanged, row.Action));

        // A namespace that the module made, and that others use by now.
        await CreateAsync("ConfigMap", "v1", "observability", "dashboards");
        var rows = await UninstallAsync();
        Assert.Equal(PlanAction.Restore, rows.Single(row => row.Name == "observability").Action);
        Assert.Contains("ConfigMap dashboards", rows.Single(row => row.Name == "observability").Reason, StringComparison.Ordinal);
        Assert.NotNull(await Api.GetAsync(new ObjectReference("", "ConfigMap", "observability", "dashboards"), Stop));
        await Api.DeleteAsync(new ObjectReference("", "Namespace", null, "observability"), new DeleteOptions(), Stop);
        await _lab!.NothingStaysAsync(before);
    }

    [Fact]
    public async Task An_installation_that_was_broken_off_is_completed_and_the_kinds_go_only_on_request()
    {
        var before = await ClusterInventory.TakeAsync(Api, Stop);
        using (var brokenOff = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            // At the moment when the control plane's record is written and istioctl begins.
            var steps = new MeshInstaller(Api, Istioctl(Api), Limit, SilentActivityLog.Instance).ApplyAsync(await PlanAsync(Api, Definition, includeWorkloads: false), force: false, brokenOff.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var step in steps)
                {
                    if (step.Row is { Kind: "ConfigMap", Role: ManifestRole.ControlPlane })
                        brokenOff.CancelAfter(TimeSpan.FromMilliseconds(1500));
                }
            });
        }

        await InstallAsync(await PlanAsync(Api, Definition, includeWorkloads: false));
        Assert.All((await PlanAsync(Api, Definition, includeWorkloads: false)).Rows, row => Assert.Equal(PlanAction.Unchanged, row.Action));

        var folder = Directory.CreateTempSubdirectory("voicecore-istio-test-");
        try
        {
            var rows = await UninstallAsync(removeCrds: true, folder.FullName);
            Assert.Equal(Definition.Services.Count + 1, File.ReadAllLines(Path.Combine(folder.FullName, "peerauthentications.security.istio.io.yaml")).Count(line => line == "kind: PeerAuthentication"));
            Assert.Contains(rows, row => row.Name == "virtualservices.networking.istio.io");
            Assert.DoesNotContain((await ClusterInventory.TakeAsync(Api, Stop)).Objects.Keys, name => name.Contains(".istio.io", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await _lab!.NothingStaysAsync(before);
    }

    private async Task EverythingIsReadyAsync()
    {
        var resource = await Api.FindResourceAsync("apps", "Deployment", null, Stop);
        var ready = new Dictionary<string, int>();
        await foreach (var deployment in Api.ListAsync(resource!, null, ListOptions.All, Stop))
            ready[$"{deployment.Namespace}/{deployment.Name}"] = (int?)deployment.Json["status"]?["readyReplicas"] ?? 0;

        Assert.Equal(2, ready.Single(item => item.Key.StartsWith("istio-system/istiod-", StringComparison.Ordinal)).Value);
        Assert.Equal(2, ready["istio-system/istio-ingressgateway"]);
        Assert.Equal(8, ready.Count(item => item.Key.StartsWith("voicecore-ai/", StringComparison.Ordinal)));
        Assert.All(Definition.Services, service => Assert.Equal(service.Replicas.Minimum, ready[$"voicecore-ai/{service.Name}"]));

        var pods = await Api.FindResourceAsync("", "Pod", null, Stop);
        await foreach (var pod in Api.ListAsync(pods!, "voicecore-ai", ListOptions.All, Stop))
        {
            var containers = ((JsonArray)pod.Json["spec"]!["containers"]!).Concat(pod.Json["spec"]!["initContainers"] as JsonArray ?? []);
            Assert.Contains("istio-proxy", containers.Select(container => (string?)container!["name"]));
        }
    }

    private async Task OneChangedFieldIsOneUpdateAsync()
    {
        var changed = Definition with { Services = [.. Definition.Services.Select(service => service.Name == "tenant" ? service with { Timeout = TimeSpan.FromSeconds(31) } : service)] };

        var plan = await PlanAsync(Api, changed);
        var update = Assert.Single(plan.Rows, row => row.Action != PlanAction.Unchanged);
        Assert.Equal((PlanAction.Update, "VirtualService voicecore-ai/tenant", PlanBasis.DryRun), (update.Action, update.Object.ToString(), update.Basis));
        Assert.Contains(update.Differences, difference => difference is { Live: "30s", Wanted: "31s" } && difference.Owners.SequenceEqual([FieldManagers.VoiceCore]));

        Assert.Equal("tenant", Assert.Single(await InstallAsync(plan), row => row.Applied).Name);
        await InstallAsync(await PlanAsync(Api, Definition));
    }

    private async Task AFieldOfAnotherManagerIsAConflictAsync()
    {
        var rule = new ObjectReference("networking.istio.io", "DestinationRule", "voicecore-ai", "billing");
        var patch = new JsonObject { ["spec"] = new JsonObject { ["trafficPolicy"] = new JsonObject { ["connectionPool"] = new JsonObject { ["tcp"] = new JsonObject { ["maxConnections"] = 7 } } } } };
        await Api.MergePatchAsync(rule, patch, new WriteOptions { FieldManager = "somebody" }, Stop);

        var plan = await PlanAsync(Api, Definition);
        var conflict = Assert.Single(plan.Rows, row => row.Action != PlanAction.Unchanged);
        Assert.Equal((PlanAction.Conflict, rule), (conflict.Action, conflict.Object));
        var difference = Assert.Single(conflict.Differences);
        Assert.Equal((".spec.trafficPolicy.connectionPool.tcp.maxConnections", "7", "100"), (difference.Path, difference.Live, difference.Wanted));
        Assert.Equal(["somebody"], difference.Owners);

        Assert.Equal("PlanConflict", Assert.Single(await StepsAsync(plan, force: false)).Error!.Id);
        Assert.Equal("billing", Assert.Single(await InstallAsync(plan, force: true), row => row.Applied).Name);
        Assert.All((await PlanAsync(Api, Definition)).Rows, row => Assert.Equal(PlanAction.Unchanged, row.Action));
    }

    private async Task AChangedControlPlaneIsSeenAsync()
    {
        var changed = Definition with { Mesh = Definition.Mesh with { AccessLog = Definition.Mesh.AccessLog! with { Encoding = AccessLogEncoding.Text } } };
        var rows = (await PlanAsync(Api, changed)).Rows.Where(row => row.Action != PlanAction.Unchanged).ToList();

        Assert.All(rows, row => Assert.Equal((PlanAction.Update, ManifestRole.ControlPlane, "ConfigMap", PlanBasis.Manifest), (row.Action, row.Role, row.Kind, row.Basis)));
        Assert.Contains(rows, row => row.Name.StartsWith("istio-", StringComparison.Ordinal));
    }

    private static async Task AReaderPlansAsync()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG_READER");
        Assert.NotNull(kubeconfig);
        using var api = KubernetesApiFactory.Create(kubeconfig, context: null);
        var plan = await PlanAsync(api, Definition);

        // A view of the cluster shows no roles.
        Assert.All(plan.Rows, row => Assert.Equal(row.Kind.Contains("Role", StringComparison.Ordinal) ? PlanAction.Unknown : PlanAction.Unchanged, row.Action));
        Assert.All(plan.Rows, row => Assert.NotEqual(PlanBasis.DryRun, row.Basis));
    }

    private static async Task NobodyIsToldWhatIsMissingAsync()
    {
        var kubeconfig = Environment.GetEnvironmentVariable("VOICECORE_TEST_KUBECONFIG_NOBODY");
        Assert.NotNull(kubeconfig);
        using var api = KubernetesApiFactory.Create(kubeconfig, context: null);

        Assert.Equal("ClusterForbidden", (await Assert.ThrowsAsync<MeshException>(() => PlanAsync(api, Definition))).Id);
        Assert.Equal("ClusterForbidden", (await Assert.ThrowsAsync<MeshException>(() => new MeshUninstallPlanner(api).PlanAsync(Definition.Product, removeCrds: false, SilentActivityLog.Instance, Stop))).Id);
    }

    // A service less, whose policies somebody has written into meanwhile in one place.
    private async Task WhatIsNoLongerWantedGoesOnRequestAsync()
    {
        var policy = new ObjectReference("security.istio.io", "AuthorizationPolicy", "voicecore-ai", "billing");
        var touched = policy with { Kind = "PeerAuthentication" };
        await Api.MergePatchAsync(touched, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["team"] = "voice" } } }, new WriteOptions { FieldManager = "somebody" }, Stop);
        var smaller = Definition with
        {
            Services = [.. Definition.Services.Where(service => service.Name != "billing").Select(service => service with { Callers = [.. service.Callers.Where(caller => caller != "billing")] })],
        };

        var shown = (await PlanAsync(Api, smaller)).Rows.Where(row => row.IsLeftover).ToList();
        Assert.All(shown, row => Assert.Equal(PlanAction.Keep, row.Action));
        var rows = await InstallAsync(await PlanAsync(Api, smaller, prune: true));
        Assert.Equal(shown.Select(row => row.Object), rows.Where(row => row.IsLeftover).Select(row => row.Object));
        Assert.All(rows.Where(row => row.IsLeftover), row => Assert.Equal(row.Object != touched, row.Applied));
        Assert.Contains("somebody", rows.Single(row => row.Object == touched).Reason, StringComparison.Ordinal);
        Assert.Contains(rows, row => row.Object == policy && row.Action == PlanAction.Delete);
        Assert.Null(await Api.GetAsync(policy, Stop));
        Assert.Null(await Api.GetAsync(new ObjectReference("apps", "Deployment", "voicecore-ai", "billing"), Stop));
        Assert.NotNull(await Api.GetAsync(touched, Stop));

        var second = await PlanAsync(Api, smaller, prune: true);
        Assert.Equal(touched, Assert.Single(second.Rows, row => row.Action != PlanAction.Unchanged).Object);
        await InstallAsync(await PlanAsync(Api, Definition));
    }

    private static Task<MeshPlan> PlanAsync(KubernetesApi api, MeshDefinition definition, bool includeWorkloads = true, bool prune = false) =>
        new MeshPlanner(api, Istioctl(api)).PlanAsync(
            new MeshInstallRequest { Definition = definition, IncludeWorkloads = includeWorkloads, Prune = prune }, SilentActivityLog.Instance, Stop);

    private async Task<List<PlanRow>> InstallAsync(MeshPlan plan, bool force = false)
    {
        var steps = await StepsAsync(plan, force);
        Assert.All(steps, step => Assert.Null(step.Error));
        return [.. steps.Select(step => step.Row!)];
    }

    private Task<List<MeshStep>> StepsAsync(MeshPlan plan, bool force) =>
        AllAsync(new MeshInstaller(Api, Istioctl(Api), Limit, SilentActivityLog.Instance).ApplyAsync(plan, force, Stop));

    private async Task<List<PlanRow>> UninstallAsync(bool removeCrds = false, string? exportFolder = null)
    {
        var plan = await new MeshUninstallPlanner(Api).PlanAsync(Definition.Product, removeCrds, SilentActivityLog.Instance, Stop);
        var steps = await AllAsync(new MeshUninstaller(Api, Istioctl(Api), Limit, SilentActivityLog.Instance).ApplyAsync(plan, exportFolder, Stop));
        Assert.All(steps, step => Assert.Null(step.Error));
        return [.. steps.Select(step => step.Row!)];
    }

    private async Task CreateAsync(string kind, string apiVersion, string? ns, string name, JsonObject? metadata = null)
    {
        metadata ??= [];
        metadata["name"] = name;
        if (ns is not null)
            metadata["namespace"] = ns;
        await Api.CreateAsync(new KubernetesObject(new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata }), new WriteOptions { FieldManager = "the-team" }, Stop);
    }

    private static IIstioctl Istioctl(KubernetesApi api) =>
        IstioctlFactory.Create(path: null, api.Connection, _ => throw new InvalidOperationException("not a sandbox"));

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
            all.Add(item);
        return all;
    }
}
