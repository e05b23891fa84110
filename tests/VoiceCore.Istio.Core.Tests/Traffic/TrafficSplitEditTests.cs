using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Tests.Planning;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Core.Tests.Traffic;

public sealed class TrafficSplitEditTests
{
    private static readonly TrafficSplitRequest Any = new() { Service = "tenant", Namespace = "shop" };

    [Theory]
    // A destination without a subset is the model of those that replace it.
    [InlineData(
        """[{"route":[{"destination":{"host":"tenant","port":{"number":80}},"headers":{"request":{"set":{"x":"y"}}}}],"timeout":"30s"}]""",
        """[{"route":[{"destination":{"host":"tenant","port":{"number":80},"subset":"v1"},"headers":{"request":{"set":{"x":"y"}}},"weight":90},{"destination":{"host":"tenant","port":{"number":80},"subset":"v2"},"headers":{"request":{"set":{"x":"y"}}},"weight":10}],"timeout":"30s"}]""")]
    // What gets nothing stays with weight 0, and what others stated for it too.
    [InlineData(
        """[{"route":[{"destination":{"host":"tenant.shop.svc.cluster.local","subset":"v0"},"weight":100,"headers":{"response":{"remove":["a"]}}}]}]""",
        """[{"route":[{"destination":{"host":"tenant.shop.svc.cluster.local","subset":"v0"},"weight":0,"headers":{"response":{"remove":["a"]}}},{"destination":{"host":"tenant.shop.svc.cluster.local","subset":"v1"},"weight":90},{"destination":{"host":"tenant.shop.svc.cluster.local","subset":"v2"},"weight":10}]}]""")]
    // The order stays.
    [InlineData(
        """[{"route":[{"destination":{"host":"tenant","subset":"v2"},"weight":100},{"destination":{"host":"tenant","subset":"v1"}}]}]""",
        """[{"route":[{"destination":{"host":"tenant","subset":"v2"},"weight":10},{"destination":{"host":"tenant","subset":"v1"},"weight":90}]}]""")]
    // A route in front for a header is no choice.
    [InlineData(
        """[{"match":[{"headers":{"x-canary":{"exact":"true"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"route":[{"destination":{"host":"tenant","subset":"v1"}}]}]""",
        """[{"match":[{"headers":{"x-canary":{"exact":"true"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"route":[{"destination":{"host":"tenant","subset":"v1"},"weight":90},{"destination":{"host":"tenant","subset":"v2"},"weight":10}]}]""")]
    public void Weights(string before, string after) =>
        Becomes(before, after, Any with { Weights = new Dictionary<string, string> { ["v1"] = "90", ["v2"] = "10" } });

    [Theory]
    [InlineData(
        """[{"name":"main","route":[{"destination":{"host":"tenant","subset":"v1"},"weight":90},{"destination":{"host":"tenant","subset":"v2"},"weight":10}],"retries":{"attempts":2},"mirror":{"host":"tenant","subset":"v2"}}]""",
        """[{"route":[{"destination":{"host":"tenant","subset":"v2"}}],"retries":{"attempts":2},"match":[{"headers":{"x-canary":{"exact":"Yes"}}}]},{"name":"main","route":[{"destination":{"host":"tenant","subset":"v1"},"weight":90},{"destination":{"host":"tenant","subset":"v2"},"weight":10}],"retries":{"attempts":2},"mirror":{"host":"tenant","subset":"v2"}}]""")]
    // Each condition of the route gets the header.
    [InlineData(
        """[{"match":[{"port":80},{"uri":{"prefix":"/v2"},"headers":{"a":{"exact":"b"}}}],"route":[{"destination":{"host":"tenant"}}]}]""",
        """[{"match":[{"port":80,"headers":{"x-canary":{"exact":"Yes"}}},{"uri":{"prefix":"/v2"},"headers":{"a":{"exact":"b"},"x-canary":{"exact":"Yes"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"match":[{"port":80},{"uri":{"prefix":"/v2"},"headers":{"a":{"exact":"b"}}}],"route":[{"destination":{"host":"tenant"}}]}]""")]
    // The one that is there is moved to the other subset.
    [InlineData(
        """[{"match":[{"headers":{"x-canary":{"exact":"Yes"}}}],"route":[{"destination":{"host":"tenant","subset":"v1"}}],"timeout":"1s"},{"route":[{"destination":{"host":"tenant"}}]}]""",
        """[{"match":[{"headers":{"x-canary":{"exact":"Yes"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}],"timeout":"1s"},{"route":[{"destination":{"host":"tenant"}}]}]""")]
    public void Headers(string before, string after) =>
        Becomes(before, after, Any with { Headers = new Dictionary<string, string> { ["X-Canary"] = "Yes" }, Subset = "v2" });

    [Fact]
    public void A_header_is_taken_back() => Becomes(
        """[{"match":[{"headers":{"x":{"exact":"1"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"match":[{"headers":{"x":{"exact":"2"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"route":[{"destination":{"host":"tenant"}}]}]""",
        """[{"match":[{"headers":{"x":{"exact":"1"}}}],"route":[{"destination":{"host":"tenant","subset":"v2"}}]},{"route":[{"destination":{"host":"tenant"}}]}]""",
        Any with { Headers = new Dictionary<string, string> { ["x"] = "2" }, RemoveHeader = true });

    [Theory]
    [InlineData("""[{"route":[{"destination":{"host":"tenant","subset":"v1"}}]}]""", """[{"route":[{"destination":{"host":"tenant","subset":"v1"}}],"mirror":{"host":"tenant","subset":"v2"},"mirrorPercentage":{"value":5}}]""")]
    [InlineData("""[{"route":[{"destination":{"host":"tenant"}}],"mirror":{"host":"tenant","subset":"v2"},"mirrorPercent":50}]""", """[{"route":[{"destination":{"host":"tenant"}}],"mirror":{"host":"tenant","subset":"v2"},"mirrorPercentage":{"value":5}}]""")]
    [InlineData("""[{"route":[{"destination":{"host":"tenant"}}],"mirrors":[{"destination":{"host":"audit"}}]}]""", """[{"route":[{"destination":{"host":"tenant"}}],"mirrors":[{"destination":{"host":"audit"}},{"destination":{"host":"tenant","subset":"v2"},"percentage":{"value":5}}]}]""")]
    public void Mirrors(string before, string after) => Becomes(before, after, Any with { Mirror = "v2", MirrorPercentage = 5 });

    [Fact]
    public void A_mirror_is_taken_back() => Becomes(
        """[{"route":[{"destination":{"host":"tenant"}}],"mirror":{"host":"tenant"},"mirrorPercentage":{"value":5},"timeout":"1s"}]""",
        """[{"route":[{"destination":{"host":"tenant"}}],"timeout":"1s"}]""",
        Any with { RemoveMirror = true });

    [Theory]
    [InlineData("TrafficRouteNotFound", """[{"route":[{"destination":{"host":"other"}}]}]""", null)]
    [InlineData("TrafficRouteNotFound", "[]", null)]
    [InlineData("TrafficRouteNotFound", """[{"name":"a","route":[{"destination":{"host":"tenant"}}]}]""", "b")]
    [InlineData("TrafficRouteAmbiguous", """[{"name":"a","match":[{"port":80}],"route":[{"destination":{"host":"tenant"}}]},{"route":[{"destination":{"host":"tenant"}}]}]""", null)]
    [InlineData("TrafficRouteForeign", """[{"route":[{"destination":{"host":"tenant"}},{"destination":{"host":"other"}}]}]""", null)]
    // A name without a dot is one of the VirtualService's namespace; with one it is taken as written.
    [InlineData("TrafficRouteNotFound", """[{"route":[{"destination":{"host":"tenant.shop"}}]}]""", null)]
    public void Refuses(string id, string routes, string? route)
    {
        var error = Assert.Throws<MeshException>(() => Edit(routes, Any with { Route = route, Weights = new Dictionary<string, string> { ["v1"] = "100" } }));

        Assert.Equal(id, error.Id);
        Assert.NotNull(error.RecommendedAction);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("second")]
    public void A_route_is_chosen_by_name_or_place(string route)
    {
        var http = Edit(
            """[{"name":"first","match":[{"port":80}],"route":[{"destination":{"host":"tenant"}}]},{"name":"second","route":[{"destination":{"host":"tenant"}}]}]""",
            Any with { Route = route, Weights = new Dictionary<string, string> { ["v1"] = "100" } }).Json["spec"]!["http"]!;

        Assert.Null(http[0]!["route"]![0]!["weight"]);
        Assert.Equal(100, (int?)http[1]!["route"]![0]!["weight"]);
    }

    [Theory]
    [InlineData("TrafficSplitEmpty", null, null, null)]
    [InlineData("TrafficWeightSum", "v1=90;v2=11", null, null)]
    [InlineData("TrafficWeightSum", "v1=0", null, null)]
    [InlineData("TrafficWeightInvalid", "v1=110;v2=-10", null, null)]
    [InlineData("TrafficWeightInvalid", "v1=99.5;v2=0.5", null, null)]
    [InlineData("TrafficHeaderIncomplete", null, "x=1", null)]
    [InlineData("TrafficHeaderIncomplete", null, null, "v2")]
    [InlineData("TrafficHeaderInvalid", null, "x y=1", "v2")]
    public void A_request_that_contradicts_itself_is_refused(string id, string? weights, string? headers, string? subset) =>
        Assert.Equal(id, Assert.Throws<MeshException>((Any with { Weights = Map(weights), Headers = Map(headers), Subset = subset }).Check).Id);

    // Whatever else a VirtualService has, it has afterwards, byte for byte; the weights add up; and a second time changes nothing.
    [Fact]
    public void Everything_else_stays_and_twice_is_once() => Gen.Select(VirtualServices, Requests).Sample((virtualService, request) =>
    {
        var before = virtualService.Json.ToJsonString();
        KubernetesObject after;
        try
        {
            after = TrafficSplitEdit.Apply(virtualService, request, "cluster.local");
        }
        catch (MeshException error)
        {
            Assert.Contains(error.Id, new[] { "TrafficRouteNotFound", "TrafficRouteAmbiguous", "TrafficRouteForeign" });
            return;
        }

        Assert.Equal(before, virtualService.Json.ToJsonString());
        Assert.Equal(Rest(virtualService), Rest(after));
        Assert.True(Changed(virtualService, after).Count() <= 1 + (request.Headers is null ? 0 : 1));
        if (request.Weights is not null)
            Assert.Contains(after.Json["spec"]!["http"]!.AsArray(), route => route!["route"]!.AsArray().Sum(destination => (int?)destination!["weight"] ?? 0) == 100);
        Assert.Equal(after.Json.ToJsonString(), TrafficSplitEdit.Apply(after, request, "cluster.local").Json.ToJsonString());
    });

    private static Gen<KubernetesObject> VirtualServices =>
        Gen.Select(Routes.List[1, 4], JsonGen.Object(2), JsonGen.Object(2)).Select((routes, spec, metadata) =>
        {
            spec["hosts"] = new JsonArray("tenant");
            spec["http"] = new JsonArray([.. routes.Select(route => route.DeepClone())]);
            metadata["name"] = "tenant";
            metadata["namespace"] = "shop";
            return new KubernetesObject(new JsonObject { ["apiVersion"] = "networking.istio.io/v1", ["kind"] = "VirtualService", ["metadata"] = metadata, ["spec"] = spec });
        });

    private static Gen<JsonObject> Routes => Gen.Select(Destinations.List[1, 3], JsonGen.Object(1), Gen.OneOf("", "80", "x"), Gen.Bool).Select((destinations, more, match, mirror) =>
    {
        more["route"] = new JsonArray([.. destinations.Select(destination => destination.DeepClone())]);
        if (match.Length > 0)
            more["match"] = JsonNode.Parse(match == "80" ? """[{"port":80}]""" : """[{"headers":{"x":{"exact":"1"}}}]""");
        if (mirror)
            more["mirror"] = new JsonObject { ["host"] = "audit" };
        return more;
    });

    private static Gen<JsonObject> Destinations => Gen.Select(Gen.OneOf("tenant", "tenant", "tenant", "other"), Gen.OneOf("", "v1", "v2", "v3"), Gen.Int[0, 100], JsonGen.Object(1)).Select((host, subset, weight, more) =>
    {
        more["destination"] = new JsonObject { ["host"] = host };
        if (subset.Length > 0)
            more["destination"]!["subset"] = subset;
        more["weight"] = weight;
        return more;
    });

    private static Gen<TrafficSplitRequest> Requests => Gen.Select(Gen.Int[0, 100], Gen.OneOf("weights", "header", "mirror", "all"), Gen.OneOf<string?>(null, "0", "1")).Select((share, what, route) => Any with
    {
        Route = route,
        Weights = what is "weights" or "all" ? new Dictionary<string, string> { ["v1"] = $"{100 - share}", ["v2"] = $"{share}" } : null,
        Headers = what is "header" ? new Dictionary<string, string> { ["x-canary"] = "true" } : null,
        Subset = what is "header" ? "v2" : null,
        Mirror = what is "mirror" or "all" ? "v2" : null,
        MirrorPercentage = share,
    });

    // Without the routes.
    private static string Rest(KubernetesObject virtualService)
    {
        var json = virtualService.Clone().Json;
        json["spec"]!.AsObject().Remove("http");
        return json.ToJsonString();
    }

    // The routes that are not among those before, without what may change.
    private static IEnumerable<string> Changed(KubernetesObject before, KubernetesObject after)
    {
        var known = before.Json["spec"]!["http"]!.AsArray().Select(route => route!.ToJsonString()).ToHashSet();
        return after.Json["spec"]!["http"]!.AsArray().Select(route => route!.ToJsonString()).Where(route => !known.Contains(route));
    }

    private static Dictionary<string, string>? Map(string? text) => text?.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static void Becomes(string before, string after, TrafficSplitRequest request)
    {
        var edited = Edit(before, request);

        Assert.Equal(after, edited.Json["spec"]!["http"]!.ToJsonString());
        Assert.Equal(edited.Json.ToJsonString(), TrafficSplitEdit.Apply(edited, request, "cluster.local").Json.ToJsonString());
    }

    private static KubernetesObject Edit(string routes, TrafficSplitRequest request) => TrafficSplitEdit.Apply(
        new KubernetesObject(new JsonObject
        {
            ["apiVersion"] = "networking.istio.io/v1",
            ["kind"] = "VirtualService",
            ["metadata"] = new JsonObject { ["name"] = "tenant", ["namespace"] = "shop" },
            ["spec"] = new JsonObject { ["hosts"] = new JsonArray("tenant"), ["http"] = JsonNode.Parse(routes) },
        }),
        request,
        "cluster.local");
}
