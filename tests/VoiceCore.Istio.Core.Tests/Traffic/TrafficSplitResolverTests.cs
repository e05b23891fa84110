using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Tests.Resolution;
using VoiceCore.Istio.Core.Traffic;

namespace VoiceCore.Istio.Core.Tests.Traffic;

public sealed class TrafficSplitResolverTests
{
    private const string Host = "tenant.shop.svc.cluster.local";

    [Fact]
    public void Shows_what_each_route_really_does()
    {
        var splits = new TrafficSplitResolver(Canary()).Resolve().ToList();

        Assert.Equal(["[x-canary=true] v2 100%", "v1 50%, v2 25%, v3 25%, tenant 0% (mirror v2 12.5%)", "v1 100%"], splits.Select(split => split.ToString()));
        Assert.Equal([(0, ""), (1, "main"), (2, "late")], splits.Select(split => (split.Route, split.RouteName)));
        Assert.All(splits, split => Assert.Equal(("shop", "tenant", "tenant"), (split.Namespace, split.VirtualService, split.Service)));
        Assert.Equal("true", splits[0].Headers["x-canary"]);
        Assert.Equal([2, 1, 0, 3], splits[1].Shares.Select(share => share.ReadyEndpoints));
        Assert.Equal([ManagingTool.ArgoCD], splits[1].Owners);
    }

    [Fact]
    public void Warns_of_what_does_not_work()
    {
        var splits = new TrafficSplitResolver(Canary()).Resolve().ToList();

        Assert.Empty(splits[0].Warnings);
        Assert.StartsWith("v3 25%: no endpoint is ready", Assert.Single(splits[1].Warnings), StringComparison.Ordinal);
        Assert.StartsWith("No request comes here: route 1", Assert.Single(splits[2].Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ destination: { host: tenant, subset: v9 } }", "no DestinationRule defines subset v9")]
    [InlineData("{ destination: { host: tenant, subset: v9 }, weight: 0 }, { destination: { host: tenant, subset: v1 }, weight: 7 }", null)]
    [InlineData("{ destination: { host: tenant.other.svc.cluster.local } }", null)]
    public void Warns_of_subsets_that_get_requests_and_are_not_defined(string route, string? warning)
    {
        var split = Assert.Single(new TrafficSplitResolver(Canary()).Resolve(VirtualService($"[{{ route: [{route}] }}]")));

        if (warning is null)
            Assert.Empty(split.Warnings);
        else
            Assert.Contains(warning, Assert.Single(split.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_that_forward_nothing_are_left_out() =>
        Assert.Empty(new TrafficSplitResolver(Canary()).Resolve(VirtualService("[{ redirect: { uri: /x } }, { directResponse: { status: 503 } }, { delegate: { name: other } }]")));

    [Theory]
    [InlineData("[{ uri: { prefix: / } }]", true)]
    [InlineData("[{ uri: { regex: '.*' } }, { uri: { prefix: /x } }]", true)]
    [InlineData("[{ uri: { prefix: / }, sourceLabels: { app: web } }]", false)]
    [InlineData("[{ uri: { prefix: / }, port: 80 }]", false)]
    [InlineData("[{ uri: { prefix: / }, headers: { x: {} } }]", false)]
    public void Nothing_comes_behind_a_condition_that_every_request_meets(string match, bool isLast)
    {
        var splits = new TrafficSplitResolver(Canary()).Resolve(VirtualService($"[{{ match: {match}, route: [{{ destination: {{ host: tenant }} }}] }}, {{ route: [{{ destination: {{ host: tenant }} }}] }}]")).ToList();

        Assert.Equal(isLast, splits[1].Warnings.Any(warning => warning.StartsWith("No request comes here: route 0", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[]", "*")]
    [InlineData("[{ method: { exact: GET }, uri: { prefix: /api } }, { headers: { x-canary: {} }, withoutHeaders: { x: { regex: '1+' } } }]", "GET /api* or x-canary not x=~1+")]
    [InlineData("[{ uri: { prefix: /api } }, {}]", "*")]
    [InlineData("[{ port: 80, sourceNamespace: web, sourceLabels: { app: a }, gateways: [mesh, shop/edge] }]", "port=80 from=web from=app=a through=mesh,shop/edge")]
    public void Conditions_are_one_line(string match, string text) =>
        Assert.Equal(text, Assert.Single(new TrafficSplitResolver(Canary()).Resolve(VirtualService($"[{{ match: {match}, route: [{{ destination: {{ host: tenant }} }}] }}]"))).Match);

    [Theory]
    [InlineData("labels: { kustomize.toolkit.fluxcd.io/name: apps }", ManagingTool.Flux)]
    [InlineData("labels: { helm.toolkit.fluxcd.io/name: shop }", ManagingTool.Flux)]
    [InlineData("labels: { argocd.argoproj.io/instance: shop }", ManagingTool.ArgoCD)]
    [InlineData("annotations: { meta.helm.sh/release-name: shop }", ManagingTool.Helm)]
    [InlineData("ownerReferences: [{ apiVersion: flagger.app/v1beta1, kind: Canary, name: tenant, uid: x }]", ManagingTool.Flagger)]
    [InlineData("managedFields: [{ manager: rollouts-controller, operation: Update }]", ManagingTool.ArgoRollouts)]
    [InlineData("managedFields: [{ manager: argocd-controller, operation: Apply }]", ManagingTool.ArgoCD)]
    public void Knows_the_tools_by_their_marks(string metadata, ManagingTool tool)
    {
        var split = Assert.Single(new TrafficSplitResolver(Canary()).Resolve(VirtualService("[{ route: [{ destination: { host: tenant } }] }]", metadata)));

        Assert.Equal([tool], split.Owners);
    }

    [Theory]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "strategy: { canary: { trafficRouting: { istio: { virtualService: { name: web } } } } }", ManagingTool.ArgoRollouts)]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "strategy: { canary: { trafficRouting: { istio: { virtualServices: [{ name: other }, { name: web.shop }] } } } }", ManagingTool.ArgoRollouts)]
    [InlineData("flagger.app/v1beta1", "Canary", "targetRef: { kind: Deployment, name: web }", ManagingTool.Flagger)]
    [InlineData("flagger.app/v1beta1", "Canary", "targetRef: { kind: Deployment, name: x }, service: { name: web }, provider: istio", ManagingTool.Flagger)]
    [InlineData("flagger.app/v1beta1", "Canary", "targetRef: { kind: Deployment, name: web }, provider: linkerd", null)]
    [InlineData("argoproj.io/v1alpha1", "Rollout", "strategy: { blueGreen: {} }", null)]
    public void Knows_the_tools_that_name_a_VirtualService(string apiVersion, string kind, string spec, ManagingTool? tool)
    {
        var snapshot = MeshYaml.Read(
            $"{{ apiVersion: {apiVersion}, kind: {kind}, metadata: {{ name: one, namespace: shop }}, spec: {{ {spec} }} }}\n---\n",
            "{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: web, namespace: shop }, spec: { hosts: [web], http: [{ route: [{ destination: { host: web } }] }] } }\n");

        Assert.Equal(tool is null ? [] : [tool.Value], Assert.Single(new TrafficSplitResolver(snapshot).Resolve()).Owners);
    }

    // What istiod's own code makes of the weights: every route of every client with several clusters.
    [Fact]
    public void Shares_are_those_of_Istio()
    {
        var compared = 0;
        foreach (var (snapshot, json) in OracleTraffic.Cases())
        {
            var splits = new TrafficSplitResolver(snapshot).Resolve().ToLookup(split => ($"{split.Namespace}/{split.VirtualService}", split.RouteName));
            foreach (var answer in Routes(JsonSerializer.SerializeToNode(json)!).Where(route => route["weightedClusters"] is not null))
            {
                var split = splits[((string)answer["virtualService"]!, (string?)answer["name"] ?? "")].First();
                var clusters = answer["weightedClusters"]!.AsArray();
                var total = clusters.Sum(cluster => (double)cluster!["weight"]!);
                Assert.Equal(
                    clusters.Select(cluster => (Parts(cluster)[2], Parts(cluster)[3], Math.Round(100 * (double)cluster!["weight"]! / total, 9))),
                    split.Shares.Where(share => share.Percent > 0).Select(share => (share.Subset, share.Host, Math.Round(share.Percent, 9))));
                compared++;
            }
        }

        Assert.True(compared > 100, $"{compared} routes were compared.");
    }

    private static IEnumerable<JsonNode> Routes(JsonNode json) =>
        from client in json["answers"]!["clients"]!.AsObject()
        from configuration in client.Value!["routes"]!.AsObject()
        from host in configuration.Value!.AsObject()
        from route in host.Value!.AsArray()
        select route;

    private static string[] Parts(JsonNode? cluster) => ((string)cluster!["cluster"]!).Split('|');

    internal static MeshSnapshot Canary() => MeshSnapshotReader.ReadPath(Path.Combine(SharedData.Repository, "tests", "Fixtures", "mesh", "canary.yaml"));

    private static VirtualService VirtualService(string http, string metadata = "labels: {}") => MeshYaml.Read(
        $"{{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {{ name: one, namespace: shop, {metadata} }}, spec: {{ hosts: [{Host}], http: {http} }} }}\n").VirtualServices[0];
}
