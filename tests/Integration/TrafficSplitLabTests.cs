using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// Splits on a real API server and what real proxies make of them: a caller and two versions (<c>TrafficSplitMesh.yaml</c>), of which each
/// destination of the route tells by a header of the answer.
/// </summary>
[Collection(nameof(LabMesh))]
public sealed class TrafficSplitLabTests(LabMesh mesh, ITestOutputHelper output)
{
    private const string Namespace = "split-lab";
    private const string Host = $"tenant.{Namespace}.svc.cluster.local";
    private const string CanaryRoute = "[x-canary=true] ";
    private const int Requests = 1000;

    // Within seven standard deviations of a binomial distribution: beyond once in 10^11 runs by chance.
    private static readonly (int Least, int Most) Tenth = (100 - 67, 100 + 67);

    private static readonly ObjectReference Tenant = new("networking.istio.io", "VirtualService", Namespace, "tenant");
    private static readonly TrafficSplitRequest Any = new() { Service = "tenant", Namespace = Namespace, Route = "main" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_go_where_the_split_says()
    {
        mesh.SkipWhenAbsent();
        await mesh.ApplyAsync(Path.Combine(AppContext.BaseDirectory, "TrafficSplitMesh.yaml"));
        var pods = await mesh.ReadyAsync(Namespace);
        await mesh.ConvergeAsync(pods);
        var front = pods.Single(pod => pod.Name == "front");
        var before = (await mesh.Api.GetAsync(Tenant, Stop))!.Json;

        // Weights.
        var change = await SetAsync(Any with { Weights = Weights(90, 10) });
        Assert.Equal((PlanAction.Update, true, "v1 0%, v2 100%", "v1 90%, v2 10%"), (change.Action, change.Applied, change.Before.Single().ToString(), change.After.Single().ToString()));
        Assert.Equal(PlanAction.Unchanged, (await SetAsync(Any with { Weights = Weights(90, 10) })).Action);
        await HasRouteAsync(front, route => route.Contains($"|v1|{Host} 90% ", StringComparison.Ordinal), "v1 has 90 %");
        await SoManyGoAsync(front, Tenth, "v2");

        // Everything else is as it was.
        var after = (await mesh.Api.GetAsync(Tenant, Stop))!.Json;
        Assert.Contains(after["metadata"]!["managedFields"]!.AsArray(), entry => (string?)entry!["manager"] == TrafficSplitWriter.Manager);
        foreach (var destination in after["spec"]!["http"]![1]!["route"]!.AsArray())
            destination!.AsObject().Remove("weight");
        before["spec"]!["http"]![1]!["route"]![1]!.AsObject().Remove("weight");
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after["spec"]!.ToJsonString());
        Assert.Equal(before["metadata"]!["annotations"]!.ToJsonString(), after["metadata"]!["annotations"]!.ToJsonString());

        // A header.
        await SetAsync(Any with { Headers = Header, Subset = "v2" });
        await HasRouteAsync(front, route => route.StartsWith(CanaryRoute, StringComparison.Ordinal), "the header has a route");
        await SoManyGoAsync(front, (Requests, Requests), "v2", "-H", "x-canary: true");
        await SoManyGoAsync(front, Tenth, "v2", "-H", "x-canary: false");

        // A version that is given nothing gets nothing, and a header is taken back.
        await SetAsync(Any with { Weights = Weights(100, 0), Headers = Header, RemoveHeader = true });
        await LabMesh.EventuallyAsync(async () => !(await RoutesAsync(front)).Any(route => route.StartsWith(CanaryRoute, StringComparison.Ordinal)), "the header's route is gone");
        await SoManyGoAsync(front, (0, 0), "v2", "-H", "x-canary: true");

        await AChangeInBetweenIsReadAgainAndAnOldVersionIsRefusedAsync();
    }

    private async Task AChangeInBetweenIsReadAgainAndAnOldVersionIsRefusedAsync()
    {
        var writer = new TrafficSplitWriter(mesh.Api);
        var plan = await writer.PlanAsync(Any with { Mirror = "v2", MirrorPercentage = 12.5 }, SilentActivityLog.Instance, Stop);
        await mesh.Api.MergePatchAsync(Tenant, (JsonObject)JsonNode.Parse("""{"metadata":{"labels":{"team":"voice"}}}""")!, new WriteOptions { FieldManager = "the-team" }, Stop);

        var change = await writer.ApplyAsync(plan, Stop);
        Assert.Equal("v2 12.5%", Assert.Single(change.After.Single().Mirrors).ToString());
        var live = (await mesh.Api.GetAsync(Tenant, Stop))!;
        Assert.Equal("voice", live.Label("team"));

        var old = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = "1" }, ["spec"] = new JsonObject { ["http"] = live.Json["spec"]!["http"]!.DeepClone() } };
        Assert.Equal("ObjectChanged", (await Assert.ThrowsAsync<MeshException>(() => mesh.Api.MergePatchAsync(Tenant, old, new WriteOptions(), Stop))).Id);

        await writer.ApplyAsync(await writer.PlanAsync(Any with { RemoveMirror = true }, SilentActivityLog.Instance, Stop), Stop);
        Assert.Null((await mesh.Api.GetAsync(Tenant, Stop))!.Json["spec"]!["http"]![1]!["mirror"]);
    }

    private static Dictionary<string, string> Header => new() { ["x-canary"] = "true" };

    private static Dictionary<string, string> Weights(int v1, int v2) => new() { ["v1"] = $"{v1}", ["v2"] = $"{v2}" };

    private async Task<TrafficSplitChange> SetAsync(TrafficSplitRequest request)
    {
        var writer = new TrafficSplitWriter(mesh.Api);
        return await writer.ApplyAsync(await writer.PlanAsync(request, SilentActivityLog.Instance, Stop), Stop);
    }

    private Task HasRouteAsync(PodRecord pod, Predicate<string> isIt, string what) =>
        LabMesh.EventuallyAsync(async () => (await RoutesAsync(pod)).Any(route => isIt(route)), $"{what} in {pod.Key}");

    // Of this host only: a proxy also holds what other tests left in the mesh.
    private async Task<IReadOnlyList<string>> RoutesAsync(PodRecord pod) =>
        EnvoyRoutes.Of((await mesh.CurlAsync(pod, "-s", "localhost:15000/config_dump?resource=dynamic_route_configs")).Output, Host, 80);

    // A proxy's main thread tells its routes; the threads that serve requests may come to know them a moment later.
    private Task SoManyGoAsync(PodRecord front, (int Least, int Most) expected, string version, params string[] arguments) => LabMesh.EventuallyAsync(
        async () =>
        {
            var count = await CountAsync(front, version, arguments);
            output.WriteLine($"{count} of {Requests} requests went to {version}, to which {expected.Least} to {expected.Most} should go.");
            return count >= expected.Least && count <= expected.Most;
        },
        $"{expected.Least} to {expected.Most} of {Requests} requests go to {version}");

    // One curl sends them all. A pod's hosts file knows the Services that were there when the pod began, so the address is given.
    private async Task<int> CountAsync(PodRecord front, string version, params string[] arguments)
    {
        var service = (await mesh.Api.GetAsync(new ObjectReference("", "Service", Namespace, "tenant"), Stop))!;
        var answers = await mesh.CurlAsync(
            front,
            ["-s", "-i", "--max-time", "20", "--connect-to", $"::{service.Json["spec"]!["clusterIP"]}:80", .. arguments, $"http://tenant.{Namespace}/x?[1-{Requests}]"]);
        var lines = answers.Output.Split('\n').Select(line => line.Trim()).ToList();
        Assert.Equal(Requests, lines.Count(line => line.StartsWith("x-version: ", StringComparison.Ordinal)));
        return lines.Count(line => line == $"x-version: {version}");
    }
}
