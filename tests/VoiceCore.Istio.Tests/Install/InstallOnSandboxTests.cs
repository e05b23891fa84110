using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Rest;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>Installing, comparing and uninstalling through the real engine, against the sandbox.</summary>
public sealed class InstallOnSandboxTests : IAsyncLifetime
{
    private const string Install = "Install-VoiceCoreMesh -IncludeWorkloads -Timeout 60 -Confirm:$false";
    private const string Compare = "Compare-VoiceCoreMesh -IncludeWorkloads";
    private const string Uninstall = "Uninstall-VoiceCoreMesh -Timeout 60 -Confirm:$false";

    private static readonly string[] Policies = ["ai", "allow-nothing", "analytics", "billing", "call", "crm", "gateway", "integration", "tenant"];

    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync() => _module = await StartAsync();

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public void WhatIf_writes_the_plan_and_sends_reads_and_dry_runs_only()
    {
        var result = _module.Run("Install-VoiceCoreMesh -IncludeWorkloads -WhatIf").ThrowOnError();

        Assert.NotEmpty(result.Output);
        Assert.Empty(Except(result, "Create"));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        var first = _module.Run(Install).ThrowOnError();
        Assert.Empty(Except(first, "Create"));
        Assert.All(first.Output, row => Assert.Equal("True", Text(row, "Applied")));
        await EveryPodHasASidecarAsync();

        var second = _module.Run(Install).ThrowOnError();
        Assert.Empty(Except(second, "Unchanged"));
        Assert.All(second.Output, row => Assert.Equal("False", Text(row, "Applied")));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
        Assert.Empty(_module.Run(Compare).ThrowOnError().Output);
    }

    [Fact]
    public void One_changed_field_is_one_update()
    {
        _module.Run(Install).ThrowOnError();
        _module.Define(text => text.Replace("\n    timeout: 60s\n    retries: { attempts: 3, perTryTimeout: 20s }", "\n    timeout: 61s\n    retries: { attempts: 3, perTryTimeout: 20s }", StringComparison.Ordinal));

        var update = Assert.Single(_module.Run(Install).ThrowOnError().Output, row => Text(row, "Action") != "Unchanged");

        Assert.Equal(("Update", "VirtualService voicecore-ai/call", "True"), (Text(update, "Action"), Text(update, "Object"), Text(update, "Applied")));
    }

    [Fact]
    public async Task A_field_of_another_manager_is_left_alone_until_it_is_taken_over()
    {
        _module.Run(Install).ThrowOnError();
        var rule = new ObjectReference("networking.istio.io", "DestinationRule", "voicecore-ai", "billing");
        var patch = JsonNode.Parse("""{"spec":{"trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":7}}}}}""")!.AsObject();
        await _module.Api.MergePatchAsync(rule, patch, new WriteOptions { FieldManager = "somebody" }, Stop);

        var drift = Assert.Single(_module.Run(Compare).ThrowOnError().Output);
        Assert.Equal(("Conflict", "billing", ".spec.trafficPolicy.connectionPool.tcp.maxConnections", "7", "100"), (Text(drift, "Action"), Text(drift, "Name"), Text(drift, "Field"), Text(drift, "Live"), Text(drift, "Wanted")));
        Assert.Equal(["somebody"], (IEnumerable<string>)drift.Properties["Owner"].Value);

        var refused = _module.Run(Install);
        Assert.Equal(["PlanConflict"], refused.ErrorIds);
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        _module.Run($"{Install} -Force").ThrowOnError();
        Assert.Empty(_module.Run(Compare).ThrowOnError().Output);
    }

    [Fact]
    public async Task An_injection_label_that_was_there_conflicts_and_comes_back()
    {
        var ns = new ObjectReference("", "Namespace", null, "voicecore-ai");
        await _module.Api.CreateAsync(
            new KubernetesObject(JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"voicecore-ai","labels":{"istio-injection":"enabled","team":"voice"}}}""")!.AsObject()),
            new WriteOptions { FieldManager = "the-team" },
            Stop);

        Assert.Equal(["PlanConflict"], _module.Run(Install).ErrorIds);
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        _module.Run($"{Install} -Force").ThrowOnError();
        var during = await _module.Api.GetAsync(ns, Stop);
        Assert.Equal((null, "1-30-3", "voice"), (during!.Label("istio-injection"), during.Label("istio.io/rev"), during.Label("team")));

        _module.Run(Uninstall).ThrowOnError();
        var after = await _module.Api.GetAsync(ns, Stop);
        Assert.Equal(("enabled", null, "voice"), (after!.Label("istio-injection"), after.Label("istio.io/rev"), after.Label("team")));
        Assert.Equal("{}", (after.Json["metadata"]!["annotations"] ?? new JsonObject()).ToJsonString());
    }

    [Fact]
    public async Task Uninstall_leaves_what_was_there_before()
    {
        var before = await _module.EverythingAsync();
        _module.Run(Install).ThrowOnError();

        var planned = _module.Run("Uninstall-VoiceCoreMesh -WhatIf").ThrowOnError();
        Assert.Empty(Except(planned, "Delete"));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        _module.Run(Uninstall).ThrowOnError();
        await _module.Sandbox.SettleAsync(Stop);
        Assert.Equal(before, (await _module.EverythingAsync()).Where(name => !name.StartsWith("CustomResourceDefinition ", StringComparison.Ordinal)));
        Assert.Empty(_module.Run(Uninstall).ThrowOnError().Output);
    }

    [Fact]
    public async Task Only_a_control_plane_that_goes_needs_istioctl()
    {
        _module.Run(Install).ThrowOnError();

        Assert.Equal(["IstioctlNotFound"], UninstallWithoutIstioctl().ErrorIds);
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        // A namespace of others that names the revision keeps its control plane.
        var other = new ObjectReference("", "Namespace", null, "other");
        await _module.Api.CreateAsync(
            new KubernetesObject((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other","labels":{"istio.io/rev":"1-30-3"}}}""")!), new WriteOptions(), Stop);
        Assert.Contains("Keep ConfigMap istio-system/voicecore-mesh-1-30-3", Except(UninstallWithoutIstioctl().ThrowOnError(), "Delete"));
        var left = await _module.EverythingAsync();
        Assert.Contains("Deployment istio-system/istiod-1-30-3", left);
        Assert.DoesNotContain(left, name => name.StartsWith("VirtualService ", StringComparison.Ordinal));

        await _module.Api.DeleteAsync(other, new DeleteOptions(), Stop);
        _module.Run(Uninstall).ThrowOnError();
        Assert.Empty(Except(UninstallWithoutIstioctl($"-RemoveCrds -ExportPath '{_module.PathOf("export")}'").ThrowOnError(), "Delete"));
        Assert.DoesNotContain(await _module.EverythingAsync(), name => name.StartsWith("CustomResourceDefinition ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_definition_no_longer_has_goes_on_request_and_is_shown_before()
    {
        _module.Run(Install).ThrowOnError();
        _module.Define(text => text.Replace("zeroTrust:\n  mode: ENFORCE", "zeroTrust:\n  mode: OFF", StringComparison.Ordinal));

        var drift = _module.Run(Compare).ThrowOnError().Output;
        Assert.Equal(Policies, drift.Select(row => Text(row, "Name")).Order(StringComparer.Ordinal));
        Assert.All(drift, row => Assert.Equal(("Keep", "AuthorizationPolicy"), (Text(row, "Action"), Text(row, "Kind"))));
        Assert.All(drift, row => Assert.Contains("-Prune removes it", Text(row, "Reason"), StringComparison.Ordinal));
        Assert.Equal(Policies.Length, _module.Run(Install).ThrowOnError().Output.Count(row => Text(row, "Action") == "Keep" && Text(row, "IsLeftover") == "True" && Text(row, "Applied") == "False"));

        Assert.Equal(Policies.Length, Except(_module.Run($"{Install} -Prune -WhatIf").ThrowOnError(), "Unchanged").Count(row => row.StartsWith("Delete AuthorizationPolicy", StringComparison.Ordinal)));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        var pruned = _module.Run($"{Install} -Prune").ThrowOnError().Output.Where(row => Text(row, "Action") == "Delete").ToList();
        Assert.All(pruned, row => Assert.Equal("True", Text(row, "Applied")));

        // Else what the others allow would be denied in between.
        Assert.Equal("allow-nothing", Text(pruned[0], "Name"));
        Assert.Equal(Policies, pruned.Select(row => Text(row, "Name")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await _module.EverythingAsync(), name => name.StartsWith("AuthorizationPolicy ", StringComparison.Ordinal));
        Assert.Empty(Except(_module.Run($"{Install} -Prune").ThrowOnError(), "Unchanged"));
    }

    [Fact]
    public async Task What_others_made_or_changed_is_never_pruned()
    {
        _module.Run(Install).ThrowOnError();
        await _module.Api.MergePatchAsync(Policy("call"), (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"team":"voice"}}}""")!, new WriteOptions { FieldManager = "somebody" }, Stop);
        await CreatePolicyAsync("of-another-product", "other", created: true);
        await CreatePolicyAsync("without-a-mark", "voicecore-ai", created: false);
        _module.Define(text => text.Replace("zeroTrust:\n  mode: ENFORCE", "zeroTrust:\n  mode: OFF", StringComparison.Ordinal));

        var kept = _module.Run($"{Install} -Prune").ThrowOnError().Output.Where(row => Text(row, "Action") == "Keep").ToDictionary(row => Text(row, "Name"), row => Text(row, "Reason"));

        Assert.Equal(["call", "without-a-mark"], kept.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("somebody wrote into it", kept["call"], StringComparison.Ordinal);
        Assert.Equal("Nothing tells that the module created it.", kept["without-a-mark"]);
        Assert.Equal(3, (await _module.EverythingAsync()).Count(name => name.StartsWith("AuthorizationPolicy ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Workloads_are_pruned_only_with_workloads()
    {
        _module.Run(Install).ThrowOnError();
        _module.Define(WithoutBilling);

        var mesh = _module.Run("Install-VoiceCoreMesh -Timeout 60 -Confirm:$false -Prune").ThrowOnError().Output.Where(row => Text(row, "IsLeftover") == "True").ToLookup(row => Text(row, "Action"), row => Text(row, "Kind"));
        Assert.Equal(["Deployment", "HorizontalPodAutoscaler", "Service", "ServiceAccount"], mesh["Keep"].Order(StringComparer.Ordinal));
        Assert.Contains("VirtualService", mesh["Delete"]);
        Assert.Contains("PeerAuthentication", mesh["Delete"]);

        _module.Run($"{Install} -Prune").ThrowOnError();
        Assert.DoesNotContain(await _module.EverythingAsync(), name => name.EndsWith("/billing", StringComparison.Ordinal));
    }

    // As the autoscaler's controller does where metrics come in.
    [Fact]
    public async Task A_leftover_whose_status_changes_meanwhile_is_pruned()
    {
        _module.Run(Install).ThrowOnError();
        _module.Define(WithoutBilling);
        var changes = 0;
        ChangeBeforeDelete(() => ++changes > 2 ? null : $$"""{ "status": { "currentReplicas": {{changes}}, "desiredReplicas": 7 } }""", "status");

        var row = Assert.Single(_module.Run($"{Install} -Prune").ThrowOnError().Output, item => Text(item, "Object") == $"{Autoscaler}");

        Assert.Equal(("Delete", "True"), (Text(row, "Action"), Text(row, "Applied")));
        Assert.True(changes > 2);
        Assert.Null(await _module.Api.GetAsync(Autoscaler, Stop));
    }

    [Fact]
    public async Task A_leftover_into_which_somebody_writes_meanwhile_is_kept()
    {
        _module.Run(Install).ThrowOnError();
        _module.Define(WithoutBilling);
        ChangeBeforeDelete(() => """{ "metadata": { "labels": { "team": "voice" } } }""", subresource: null);

        var row = Assert.Single(_module.Run($"{Install} -Prune").ThrowOnError().Output, item => Text(item, "Object") == $"{Autoscaler}");

        Assert.Equal(("Keep", "False"), (Text(row, "Action"), Text(row, "Applied")));
        Assert.Contains("somebody wrote into it", Text(row, "Reason"), StringComparison.Ordinal);
        Assert.NotNull(await _module.Api.GetAsync(Autoscaler, Stop));
    }

    // Whatever write fails, nothing is left that the next run does not repair.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(70)]
    [InlineData(100)]
    [InlineData(115)]
    public async Task A_run_after_one_that_failed_completes_it(int write)
    {
        var writes = 0;
        _module.Sandbox.Faults.Add(new Fault(request =>
            request.Method is "POST" or "PATCH" or "PUT" && request.Argument("dryRun") is null && Interlocked.Increment(ref writes) == write) { StatusCode = 403 });

        Assert.NotEmpty(_module.Run(Install).Errors);
        _module.Sandbox.Faults.Clear();

        _module.Run(Install).ThrowOnError();
        Assert.Empty(_module.Run(Compare).ThrowOnError().Output);
        await EveryPodHasASidecarAsync();
    }

    [Fact]
    public async Task A_namespace_moves_to_another_revision_once_that_is_ready()
    {
        const string Upgrade = $"{Install} -Revision next";
        _module.Run(Install).ThrowOnError();
        _module.Sandbox.Faults.Add(new Fault(request =>
            request.Method == "PATCH" && request.Path.EndsWith("/deployments/istiod-next", StringComparison.Ordinal) && request.Argument("dryRun") is null) { StatusCode = 403 });

        Assert.NotEmpty(_module.Run(Upgrade).Errors);
        Assert.Equal("1-30-3", await RevisionAsync());

        _module.Sandbox.Faults.Clear();
        _module.Run(Upgrade).ThrowOnError();
        Assert.Equal("next", await RevisionAsync());
        Assert.Empty(_module.Run($"{Compare} -Revision next").ThrowOnError().Output);
    }

    [Fact]
    public async Task A_label_of_Set_MeshInjection_is_a_conflict_until_it_is_taken_over()
    {
        _module.Run(Install).ThrowOnError();
        _module.RunScript("Set-MeshInjection voicecore-ai -Disabled -Confirm:$false @mesh").ThrowOnError();

        var drift = Assert.Single(_module.Run(Compare).ThrowOnError().Output, row => Text(row, "Field") == ".metadata.labels.istio-injection");
        Assert.Equal("Conflict", Text(drift, "Action"));
        Assert.Equal(["voicecore-mesh-injection"], Assert.IsAssignableFrom<IEnumerable<string>>(drift.Properties["Owner"].Value));

        _module.Run($"{Install} -Force").ThrowOnError();
        Assert.Equal("1-30-3", await RevisionAsync());
        Assert.Empty(_module.Run(Compare).ThrowOnError().Output);
    }

    private static ObjectReference Autoscaler => new("autoscaling", "HorizontalPodAutoscaler", "voicecore-ai", "billing");

    private static string WithoutBilling(string definition)
    {
        var text = definition.Replace(", billing]", "]", StringComparison.Ordinal);
        return text[..text.IndexOf("\n  billing:", StringComparison.Ordinal)] + "\n";
    }

    // Somebody is faster: each time that the autoscaler is to be removed, it is patched first.
    private void ChangeBeforeDelete(Func<string?> patch, string? subresource) => _module.Sandbox.Faults.Add(new Fault(request =>
    {
        if (request.Method == "DELETE" && request.Path.EndsWith("/horizontalpodautoscalers/billing", StringComparison.Ordinal) && patch() is { } change)
        {
            var cluster = _module.Sandbox.Cluster;
            cluster.Objects.Patch(
                cluster.Kinds.Get(Autoscaler.Group, Autoscaler.Kind), Autoscaler.Namespace, Autoscaler.Name, JsonNode.Parse(change)!.AsObject(), new WriteSettings("somebody") { Subresource = subresource });
        }

        return false;
    }));

    private async Task<string?> RevisionAsync() => (await _module.Api.GetAsync(new ObjectReference("", "Namespace", null, "voicecore-ai"), Stop))!.Label("istio.io/rev");

    private async Task EveryPodHasASidecarAsync()
    {
        var pods = await _module.Api.FindResourceAsync("", "Pod", null, Stop);
        var services = new HashSet<string?>();
        await foreach (var pod in _module.Api.ListAsync(pods!, "voicecore-ai", ListOptions.All, Stop))
        {
            var containers = ((JsonArray)pod.Json["spec"]!["containers"]!).Concat(pod.Json["spec"]!["initContainers"] as JsonArray ?? []);
            Assert.Contains("istio-proxy", containers.Select(container => (string?)container!["name"]));
            services.Add(pod.Label("app"));
        }

        Assert.Equal(8, services.Count);
    }

    // Without its mark a sandbox is any cluster, for which an istioctl has to be there.
    private ModuleResult UninstallWithoutIstioctl(string arguments = "")
    {
        File.WriteAllText(_module.PathOf("unmarked"), _module.Sandbox.Kubeconfig.Replace("voicecore.io/sandbox", "example.com/note", StringComparison.Ordinal));
        return _module.RunScript($"{Uninstall} {arguments} -DefinitionPath '{_module.PathOf("mesh.yaml")}' -Kubeconfig '{_module.PathOf("unmarked")}' -IstioctlPath absent -WarningAction Ignore");
    }

    private static ObjectReference Policy(string name) => new("security.istio.io", "AuthorizationPolicy", "voicecore-ai", name);

    private async Task CreatePolicyAsync(string name, string product, bool created) => await _module.Api.CreateAsync(
        new KubernetesObject((JsonObject)JsonNode.Parse($$"""
            {
              "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
              "metadata": {
                "name": "{{name}}", "namespace": "voicecore-ai",
                "labels": { "app.kubernetes.io/managed-by": "voicecore-mesh", "app.kubernetes.io/part-of": "{{product}}" },
                "annotations": { {{(created ? "\"mesh.voicecore.io/created\": \"true\"" : "")}} }
              },
              "spec": { "action": "ALLOW", "rules": [{}] }
            }
            """)!),
        new WriteOptions(),
        Stop);
}
