using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Which routes a client has to <c>tenant</c>: Istio's reference of VirtualService, and its page on traffic management.</summary>
public sealed class ClientRoutesTests
{
    private const string Client = "app: client";
    private const string ToTenant = "route: [{ destination: { host: tenant.shop.svc.cluster.local } }]";

    [Fact]
    public void A_service_without_a_VirtualService_has_one_route()
    {
        var route = Assert.Single(Routes());

        Assert.Equal(["outbound|80||tenant.shop.svc.cluster.local"], route.Clusters.Select(cluster => cluster.Name));
        Assert.Equal((TimeSpan.Zero, 2, null), (route.Timeout, route.Retries!.Count, route.VirtualService));
    }

    [Fact]
    public void Of_two_for_one_host_the_older_counts_whatever_its_name()
    {
        var route = Assert.Single(Routes(
            Virtual("shop/a", "tenant", $"{{ {ToTenant}, timeout: 1s }}", "2026-02-02"),
            Virtual("shop/b", "tenant", $"{{ {ToTenant}, timeout: 2s }}", "2026-02-01")));

        Assert.Equal(("shop/b", TimeSpan.FromSeconds(2)), (route.VirtualService!.Key, route.Timeout));
    }

    [Fact]
    public void A_name_beats_a_wildcard_and_a_longer_wildcard_a_shorter_one()
    {
        var all = Virtual("shop/all", "'*'", $"{{ {ToTenant}, timeout: 1s }}", "2026-01-01");
        var local = Virtual("shop/local", "'*.shop.svc.cluster.local'", $"{{ {ToTenant}, timeout: 2s }}", "2026-01-02");
        var name = Virtual("shop/name", "tenant", $"{{ {ToTenant}, timeout: 3s }}", "2026-01-03");

        Assert.Equal("shop/local", Assert.Single(Routes(all, local)).VirtualService!.Key);
        Assert.Equal("shop/name", Assert.Single(Routes(all, local, name)).VirtualService!.Key);
    }

    [Fact]
    public void What_takes_every_request_ends_the_list()
    {
        var routes = Routes(Virtual("shop/v", "tenant", $$"""
            { match: [{ uri: { prefix: /a } }, { uri: { prefix: / }, headers: { x: { exact: '1' } } }, { uri: { prefix: / } }, { uri: { prefix: /never } }], {{ToTenant}} },
            { {{ToTenant}}, timeout: 9s }
            """));

        Assert.Equal(["/a*", "/* x=1", "/*"], routes.Select(route => RouteMatchText.Of(route.Match)));
    }

    [Theory]
    [InlineData("sourceLabels: { app: client }", true)]
    [InlineData("sourceLabels: { app: other }", false)]
    [InlineData("sourceNamespace: web", true)]
    [InlineData("sourceNamespace: shop", false)]
    [InlineData("port: 80", true)]
    [InlineData("port: 8080", false)]
    [InlineData("gateways: [mesh], sourceLabels: { app: other }", true)]
    [InlineData("gateways: [shop/edge]", false)]
    public void Conditions_about_the_caller_choose_routes_before_requests_come(string condition, bool applies)
    {
        var routes = Routes(Virtual("shop/v", "tenant", $"{{ match: [{{ {condition} }}], {ToTenant}, timeout: 5s }}"));

        // Where no route of a VirtualService is for a client, the service has its own.
        Assert.Equal(applies ? "shop/v" : null, Assert.Single(routes).VirtualService?.Key);
    }

    [Fact]
    public void Weights_share_requests_and_zero_takes_none()
    {
        var route = Assert.Single(Routes(Virtual("shop/v", "tenant", """
            { route: [{ destination: { host: tenant, subset: v1 }, weight: 90 }, { destination: { host: tenant, subset: v2 }, weight: 0 }, { destination: { host: tenant, subset: v3, port: { number: 8080 } }, weight: 10 }] }
            """)));

        Assert.Equal(["outbound|80|v1|tenant.shop.svc.cluster.local 90", "outbound|8080|v3|tenant.shop.svc.cluster.local 10"], route.Clusters.Select(cluster => $"{cluster.Name} {cluster.Weight}"));
        Assert.True(route.IsWeighted);
    }

    [Theory]
    [InlineData("mirror: { host: tenant, subset: v2 }", null, true)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirrorPercentage: { value: 12.5 }", 12.5, true)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirrorPercent: 7", 7.0, true)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirror_percent: 7", 7.0, true)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirrorPercent: 0", null, false)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirrorPercentage: { value: 0 }", null, false)]
    [InlineData("mirror: { host: tenant, subset: v2 }, mirrorPercentage: {}", null, false)]
    [InlineData("mirrors: [{ destination: { host: tenant, subset: v2 }, percentage: { value: 3 } }]", 3.0, true)]
    public void A_mirror_gets_all_requests_its_share_or_none(string mirror, double? percent, bool isThere)
    {
        var mirrors = Assert.Single(Routes(Virtual("shop/v", "tenant", $"{{ {ToTenant}, {mirror} }}"))).Mirrors;

        Assert.Equal(isThere ? [("outbound|80|v2|tenant.shop.svc.cluster.local", percent)] : [], mirrors.Select(item => (item.Cluster.Name, item.Percent)));
    }

    [Theory]
    [InlineData("redirect: { uri: /x }")]
    [InlineData("directResponse: { status: 503 }")]
    public void An_answer_goes_nowhere(string action)
    {
        var route = Assert.Single(Routes(Virtual("shop/v", "tenant", $"{{ {action} }}")));

        Assert.True(route.IsAnswered);
        Assert.Empty(route.Clusters);
        Assert.Null(route.Retries);
    }

    [Fact]
    public void The_mesh_config_says_retries_where_a_route_does_not()
    {
        var mesh = new MeshConfig { DefaultHttpRetryPolicy = new HttpRetry { Attempts = 5 } };

        Assert.Equal(5, Assert.Single(Routes(mesh)).Retries!.Count);
        Assert.Equal(5, Assert.Single(Routes(mesh, Virtual("shop/v", "tenant", $"{{ {ToTenant} }}"))).Retries!.Count);
        Assert.Equal(1, Assert.Single(Routes(mesh, Virtual("shop/v", "tenant", $"{{ {ToTenant}, retries: {{ attempts: 1 }} }}"))).Retries!.Count);
    }

    [Theory]
    [InlineData(", exportTo: ['.']", null)]
    [InlineData(", exportTo: [web]", "shop/v")]
    [InlineData(", gateways: [shop/edge]", null)]
    [InlineData(", gateways: [shop/edge, mesh]", "shop/v")]
    public void Only_what_is_exported_and_for_sidecars_counts(string extra, string? expected) =>
        Assert.Equal(expected, Assert.Single(Routes(Virtual("shop/v", "tenant", $"{{ {ToTenant} }}", extra: extra))).VirtualService?.Key);

    // Istio's reference of Delegate: conditions of both hold, names are the delegate's namespace's, what it leaves out the root says.
    [Fact]
    public void A_delegate_gives_routes_within_the_conditions_of_its_root()
    {
        var routes = Routes(
            Virtual("shop/root", "tenant", "{ name: r, match: [{ uri: { prefix: /a } }], delegate: { name: part, namespace: team }, timeout: 7s }"),
            Virtual("team/part", "", """
                { name: one, match: [{ uri: { prefix: /a/b } }], route: [{ destination: { host: own } }], timeout: 1s },
                { name: two, match: [{ uri: { prefix: /other } }], route: [{ destination: { host: own } }] },
                { route: [{ destination: { host: own } }] }
                """));

        Assert.Equal(["r-one /a/b* 1", "r /a* 7"], routes.Select(route => $"{route.Name} {RouteMatchText.Of(route.Match)} {route.Timeout.TotalSeconds}"));
        Assert.All(routes, route => Assert.Equal(["own.team.svc.cluster.local"], route.Clusters.Select(cluster => cluster.Host)));
    }

    [Fact]
    public void A_delegate_that_is_not_exported_is_left_out()
    {
        var routes = Routes(
            Virtual("shop/root", "tenant", $"{{ match: [{{ uri: {{ prefix: /a }} }}], delegate: {{ name: part, namespace: team }} }}, {{ {ToTenant}, timeout: 3s }}"),
            Virtual("team/part", "", $"{{ {ToTenant} }}", extra: ", exportTo: ['.']"));

        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(routes).Timeout);
    }

    [Fact]
    public void A_service_that_a_Sidecar_hides_has_no_routes() =>
        Assert.Null(Find(Read(Tenant(), "---\napiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: own, namespace: web }\nspec: { egress: [{ hosts: [./*] }] }\n")));

    private static IReadOnlyList<OutboundRoute> Routes(params string[] documents) => Find(Read([Tenant(), .. documents]))!;

    private static IReadOnlyList<OutboundRoute> Routes(MeshConfig mesh, params string[] documents) => Find(Read([Tenant(), .. documents]) with { Mesh = mesh })!;

    private static IReadOnlyList<OutboundRoute>? Find(MeshSnapshot snapshot)
    {
        var mesh = new MeshResolution(snapshot);
        var labels = LabelSet.Create([KeyValuePair.Create("app", Client[5..])]);
        var service = mesh.Registry.Find("tenant.shop.svc.cluster.local")!;
        return new ClientRoutes(snapshot.Mesh, mesh.Scopes.Of("web", labels), labels).Of(service, service.Ports[0]);
    }
}
