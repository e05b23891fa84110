using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Rest;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>Installing, comparing and uninstalling through the real engine, against the sandbox.</summary>
public sealed class InstallOnSandboxTests : IAsyncLifetime
{
    private const string Install = "Install-VoiceCoreMesh -IncludeWorkloads -Timeout 60 -Confirm:$false";
    private const string Compare = "Compare-VoiceCoreMesh -IncludeWorkloads";
    private const string Uninstall = "Uninstall-VoiceCoreMesh -Timeout 60 -Confirm:$false";

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
        var before = await EverythingAsync();
        _module.Run(Install).ThrowOnError();

        var planned = _module.Run("Uninstall-VoiceCoreMesh -WhatIf").ThrowOnError();
        Assert.Empty(Except(planned, "Delete"));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        _module.Run(Uninstall).ThrowOnError();
        await _module.Sandbox.SettleAsync(Stop);
        Assert.Equal(before, (await EverythingAsync()).Where(name => !name.StartsWith("CustomResourceDefinition ", StringComparison.Ordinal)));
        Assert.Empty(_module.Run(Uninstall).ThrowOnError().Output);
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

    private async Task<List<string>> EverythingAsync()
    {
        var names = new List<string>();
        _module.Api.ResetDiscovery();
        foreach (var resource in (await _module.Api.ListResourcesAsync(Stop)).Where(resource => resource.Kind != "Event" && resource.Verbs.Contains("list")))
        {
            await foreach (var item in _module.Api.ListAsync(resource, null, new ListOptions { MetadataOnly = true }, Stop))
                names.Add(item.Reference.ToString());
        }

        return names;
    }
}
