using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Http;
using VoiceCore.Istio.Sandbox.Rest;
using VoiceCore.Istio.Tests.Engine;
using VoiceCore.Istio.Tests.Install;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Traffic;

/// <summary>Splits of an installed mesh, shown and changed through the real engine, against the sandbox.</summary>
public sealed class TrafficSplitOnSandboxTests : IAsyncLifetime
{
    private const string Canary = "Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Weight @{ v1 = 90; v2 = 10 }";

    private static readonly ObjectReference Tenant = new("networking.istio.io", "VirtualService", "voicecore-ai", "tenant");

    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync()
    {
        _module = await StartAsync();
        _module.Run("Install-VoiceCoreMesh -IncludeWorkloads -Timeout 60 -Confirm:$false").ThrowOnError();
        foreach (var service in new[] { "tenant", "gateway" })
            await SubsetsAsync(service);
    }

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public async Task Weights_are_changed_and_nothing_else()
    {
        var before = (await TenantAsync()).Json;

        var planned = Run($"{Canary} -WhatIf").ThrowOnError();
        Assert.Equal(("Update", "False"), (Text(planned.Output[0], "Action"), Text(planned.Output[0], "Applied")));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.Method is not "GET");
        Assert.Contains("v2 10%: no endpoint is ready", Assert.Single(planned.Warnings), StringComparison.Ordinal);

        var change = Assert.Single(Run(Canary).ThrowOnError().Output);
        Assert.Equal(("Update", "True"), (Text(change, "Action"), Text(change, "Applied")));
        Assert.Equal(["tenant 100%"], Texts(change, "Before"));
        Assert.Equal(["v1 90%, v2 10%"], Texts(change, "After"));

        var after = (await TenantAsync()).Json;
        var route = (JsonObject)after["spec"]!["http"]![0]!;
        Assert.Equal("""[90,10]""", new JsonArray([.. route["route"]!.AsArray().Select(destination => destination!["weight"]!.DeepClone())]).ToJsonString());
        route["route"] = before["spec"]!["http"]![0]!["route"]!.DeepClone();
        Assert.Equal(before["spec"]!.ToJsonString(), after["spec"]!.ToJsonString());
        Assert.Equal(before["metadata"]!["annotations"]!.ToJsonString(), after["metadata"]!["annotations"]!.ToJsonString());

        var second = Assert.Single(Run(Canary).ThrowOnError().Output);
        Assert.Equal(("Unchanged", "False"), (Text(second, "Action"), Text(second, "Applied")));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
        Assert.Equal("v1 90%, v2 10%", Assert.Single(Run("Get-MeshTrafficSplit tenant").ThrowOnError().Output).ToString());

        // The installation sees that the split is not its own.
        var drift = Assert.Single(_module.Run("Compare-VoiceCoreMesh -IncludeWorkloads").ThrowOnError().Output.Where(row => Text(row, "Action") == "Conflict").DistinctBy(row => Text(row, "Name")));
        Assert.Contains("voicecore-mesh-traffic", Text(drift, "Reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_mirrors_come_and_go()
    {
        var before = (await TenantAsync()).Json["spec"]!.ToJsonString();

        Run("Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Header @{ 'X-Canary' = 'true' } -Subset v2 -Mirror v2 -MirrorPercentage 5").ThrowOnError();
        Assert.Equal(
            ["[x-canary=true] v2 100%", "tenant 100% (mirror v2 5%)"],
            Run("Get-MeshTrafficSplit tenant -Namespace voicecore-ai").ThrowOnError().Output.Select(split => split.ToString()));

        Run("Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Header @{ 'x-canary' = 'true' } -RemoveHeader -RemoveMirror").ThrowOnError();
        Assert.Equal(before, (await TenantAsync()).Json["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task A_service_without_a_VirtualService_gets_one()
    {
        var change = Assert.Single(Run("Set-MeshTrafficSplit gateway -Namespace voicecore-ai -Weight @{ v1 = 100; v2 = 0 }").ThrowOnError().Output);

        Assert.Equal(("Create", "gateway"), (Text(change, "Action"), Text(change, "VirtualService")));
        var made = await _module.Api.GetAsync(Tenant with { Name = "gateway" }, Stop);
        Assert.Equal("voicecore-mesh", made!.Label("app.kubernetes.io/managed-by"));
        Assert.Equal("v1", (string?)made.Json["spec"]!["http"]![0]!["route"]![0]!["destination"]!["subset"]);

        // It is none of the installation's, which leaves it alone.
        _module.Run("Uninstall-VoiceCoreMesh -Timeout 60 -Confirm:$false").ThrowOnError();
        Assert.NotNull(await _module.Api.GetAsync(Tenant with { Name = "gateway" }, Stop));
    }

    [Theory]
    [InlineData("-RemoveMirror")]
    [InlineData("-Header @{ 'x-canary' = 'true' } -RemoveHeader")]
    public async Task What_is_to_go_and_is_not_there_makes_no_VirtualService(string arguments)
    {
        var change = Assert.Single(Run($"Set-MeshTrafficSplit gateway -Namespace voicecore-ai {arguments}").ThrowOnError().Output);

        Assert.Equal(("Unchanged", "False"), (Text(change, "Action"), Text(change, "Applied")));
        Assert.Empty(Texts(change, "Before"));
        Assert.Empty(Texts(change, "After"));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
        Assert.Null(await _module.Api.GetAsync(Tenant with { Name = "gateway" }, Stop));
    }

    // Each change moves the routes behind it.
    [Fact]
    public async Task Every_route_of_the_pipeline_is_found_again()
    {
        await PatchAsync("""{"spec":{"http":[{"match":[{"uri":{"prefix":"/report"}}],"route":[{"destination":{"host":"tenant"}}]},{"route":[{"destination":{"host":"tenant"}}]}]}}""");
        var before = Splits();

        // A second time finds the new routes as well, and changes nothing.
        foreach (var _ in new[] { "first", "second" })
            _module.RunScript("Get-MeshTrafficSplit tenant -Namespace voicecore-ai @mesh | Set-MeshTrafficSplit -Header @{ 'x-canary' = 'true' } -Subset v2 @mesh").ThrowOnError();
        Assert.Equal(["[/report* x-canary=true] v2 100%", "[/report*] tenant 100%", "[x-canary=true] v2 100%", "tenant 100%"], Splits());

        _module.RunScript("Get-MeshTrafficSplit tenant -Namespace voicecore-ai @mesh | Set-MeshTrafficSplit -Header @{ 'x-canary' = 'true' } -RemoveHeader @mesh").ThrowOnError();
        Assert.Equal(before, Splits());
    }

    [Fact]
    public async Task Of_routes_that_take_the_same_the_number_tells_which_is_meant()
    {
        await PatchAsync("""{"spec":{"http":[{"route":[{"destination":{"host":"tenant"}}]},{"name":"spare","route":[{"destination":{"host":"tenant"}}]}]}}""");

        Assert.Equal(["TrafficRouteAmbiguous"], Run("Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Match '*' -Mirror v1").ErrorIds);
        Run("Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Match '*' -Route 1 -Mirror v1").ThrowOnError();
        Run("Set-MeshTrafficSplit tenant -Namespace voicecore-ai -Match '*' -Route spare -Mirror v2").ThrowOnError();

        Assert.Equal(["tenant 100%", "tenant 100% (mirror v2 100%)"], Splits());
    }

    [Fact]
    public async Task What_a_tool_keeps_is_left_to_it_unless_forced()
    {
        await PatchAsync("""{"metadata":{"annotations":{"argocd.argoproj.io/tracking-id":"shop:x"}}}""", manager: "argocd-controller");

        var refused = Run(Canary);
        Assert.Equal(["TrafficSplitOwned"], refused.ErrorIds);
        Assert.Equal(ErrorCategory.ResourceExists, refused.Errors[0].CategoryInfo.Category);
        Assert.Contains("ArgoCD", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);

        Assert.Equal("True", Text(Assert.Single(Run($"{Canary} -Force").ThrowOnError().Output), "Applied"));
    }

    [Fact]
    public async Task A_warning_says_where_it_may_not_look_for_a_tool()
    {
        await _module.Api.CreateAsync(
            new KubernetesObject((JsonObject)JsonNode.Parse("""
                {
                  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": { "name": "rollouts.argoproj.io" },
                  "spec": {
                    "group": "argoproj.io", "scope": "Namespaced", "names": { "plural": "rollouts", "singular": "rollout", "kind": "Rollout", "listKind": "RolloutList" },
                    "versions": [{ "name": "v1alpha1", "served": true, "storage": true, "schema": { "openAPIV3Schema": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } } }]
                  }
                }
                """)!),
            new WriteOptions(),
            Stop);
        Assert.DoesNotContain(Run($"{Canary} -WhatIf").ThrowOnError().Warnings, IsAboutTools);

        _module.Sandbox.Faults.Add(new Fault(request => request.Path.EndsWith("/rollouts", StringComparison.Ordinal)) { StatusCode = 403, Times = 10 });
        Assert.Contains("VirtualService voicecore-ai/tenant", Assert.Single(Run($"{Canary} -WhatIf").ThrowOnError().Warnings, IsAboutTools), StringComparison.Ordinal);
        Assert.DoesNotContain(Run($"{Canary} -Force -WhatIf").ThrowOnError().Warnings, IsAboutTools);
    }

    [Fact]
    public async Task A_change_in_between_is_not_lost()
    {
        // The moment between reading and writing.
        _module.Sandbox.Faults.Add(new Fault(request =>
        {
            if (!IsWrite(request))
                return false;
            _module.Sandbox.Cluster.Objects.Patch(
                _module.Sandbox.Cluster.Kinds.Get("networking.istio.io", "VirtualService"), "voicecore-ai", "tenant",
                (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"team":"voice"}}}""")!, new WriteSettings("the-team"));
            return true;
        }));

        Assert.Equal("True", Text(Assert.Single(Run(Canary).ThrowOnError().Output), "Applied"));
        Assert.Equal([409, 200], _module.Sandbox.Requests.Requests.Where(request => request.IsMutating).Select(request => request.StatusCode));
        Assert.Equal("voice", (await TenantAsync()).Label("team"));
    }

    [Fact]
    public void Changes_that_never_end_are_an_error()
    {
        _module.Sandbox.Faults.Add(new Fault(IsWrite) { StatusCode = 409, Times = 100 });

        Assert.Equal(["ObjectChanged"], Run(Canary).ErrorIds);
        Assert.Equal(5, _module.Sandbox.Requests.Requests.Count(request => request.IsMutating));
    }

    [Theory]
    [InlineData("tenant -Weight @{ v1 = 90; v22 = 10 }", "TrafficSubsetNotFound", "Did you mean 'v2'?")]
    [InlineData("tenat -Weight @{ v1 = 100 }", "TrafficServiceNotFound", "Did you mean 'tenant'?")]
    [InlineData("billing -Weight @{ v1 = 100 }", "TrafficSubsetNotFound", "Subsets: none")]
    [InlineData("tenant -VirtualService tenat -Mirror v1", "TrafficVirtualServiceNotFound", "tenant")]
    [InlineData("tenant -Route canary -Mirror v1", "TrafficRouteNotFound", "There are: 0")]
    [InlineData("tenant -Route 0 -Match /gone* -Mirror v1", "TrafficRouteNotFound", "There are: 0 (*)")]
    [InlineData("tenant -Weight @{ v1 = 1 }", "TrafficWeightSum", "v1 1 is 1")]
    public void Says_what_cannot_be(string arguments, string id, string text)
    {
        var result = Run($"Set-MeshTrafficSplit {arguments} -Namespace voicecore-ai");

        Assert.Equal([id], result.ErrorIds);
        Assert.Contains(text, result.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
    }

    [Fact]
    public void A_service_that_is_not_there_does_not_keep_the_others_from_being_changed()
    {
        var result = Run("'tenat', 'tenant' | ForEach-Object { [pscustomobject]@{ Service = $_ } } | Set-MeshTrafficSplit -Namespace voicecore-ai -Weight @{ v1 = 90; v2 = 10 }");

        Assert.Equal(["TrafficServiceNotFound"], result.ErrorIds);
        Assert.Equal(("tenant", "True"), (Text(Assert.Single(result.Output), "VirtualService"), Text(result.Output[0], "Applied")));
        Assert.EndsWith("/virtualservices/tenant", Assert.Single(_module.Sandbox.Requests.Requests, request => request.IsMutating).Path, StringComparison.Ordinal);
    }

    private static bool IsAboutTools(string warning) => warning.EndsWith("you may not list objects of kind Rollout.", StringComparison.Ordinal);

    private string[] Splits() => [.. Run("Get-MeshTrafficSplit tenant -Namespace voicecore-ai").ThrowOnError().Output.Select(split => split.ToString())];

    private ModuleResult Run(string cmdlet) => _module.RunScript($"{cmdlet} @mesh");

    private static bool IsWrite(HttpRequest request) => request.Method == "PATCH" && request.Path.EndsWith("/virtualservices/tenant", StringComparison.Ordinal);

    private async Task SubsetsAsync(string service) => await _module.Api.ApplyAsync(
        new KubernetesObject((JsonObject)JsonNode.Parse($$"""
            {
              "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": { "name": "{{service}}-versions", "namespace": "voicecore-ai" },
              "spec": { "host": "{{service}}", "subsets": [{ "name": "v1", "labels": { "app": "{{service}}" } }, { "name": "v2", "labels": { "version": "v2" } }] }
            }
            """)!),
        new ApplyOptions { FieldManager = "the-team" },
        Stop);

    private async Task<KubernetesObject> TenantAsync() => (await _module.Api.GetAsync(Tenant, Stop))!;

    private Task<KubernetesObject> PatchAsync(string patch, string manager = "the-team") =>
        _module.Api.MergePatchAsync(Tenant, (JsonObject)JsonNode.Parse(patch)!, new WriteOptions { FieldManager = manager }, Stop);

    private static string[] Texts(PSObject item, string property) => [.. ((IEnumerable)item.Properties[property].Value).Cast<object>().Select(row => row.ToString()!)];
}
