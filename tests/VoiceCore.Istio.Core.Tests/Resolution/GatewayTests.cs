using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Gateways are proxies of another type than sidecars, by Istio's sources (release 1.31); each test names the place.</summary>
public sealed class GatewayTests
{
    private const string ToTenant = "tenant.shop.svc.cluster.local";

    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    // doGetSidecarScope in pilot/pkg/model/push_context.go: gateways always have the default scope.
    [Fact]
    public void No_Sidecar_hides_services_from_a_gateway()
    {
        const string Nothing =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: default, namespace: istio-system }
            spec: { egress: [{ hosts: ["~/*"] }] }

            """;
        var snapshot = Read(Tenant(sidecars: [true]), Client, Edge(), Nothing);

        Assert.Equal(
            [("edge/edge (gateway)", TlsStatus.Secured), ("web", TlsStatus.Plaintext)],
            new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), Callers).Select(verdict => (Assert.Single(verdict.Clients), verdict.Status)).Order());
    }

    // NodeTypes in pilot/pkg/model/context.go.
    [Theory]
    [InlineData("router", true)]
    [InlineData("waypoint", true)]
    [InlineData("sidecar", false)]
    public void The_arguments_of_a_proxy_say_what_it_is(string type, bool isGateway) =>
        Assert.Equal(isGateway, Assert.Single(Read(Edge().Replace("router", type, StringComparison.Ordinal)).Pods).IsGateway);

    [Fact]
    public void A_gateway_passes_nothing_on_that_it_does_not_know()
    {
        var snapshot = Read(Tenant(sidecars: [false]).Replace("metadata: { name: tenant, namespace: shop }", "metadata: { name: tenant, namespace: shop, annotations: { networking.istio.io/exportTo: . } }", StringComparison.Ordinal), Client, Edge());

        Assert.Equal([TlsStatus.Broken, TlsStatus.Plaintext], new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), Callers).OrderBy(verdict => verdict.Clients[0], StringComparer.Ordinal).Select(verdict => verdict.Status));
    }

    // convertResolution in pilot/pkg/networking/core/cluster.go, buildUpstreamClusterTLSContext in cluster_tls.go.
    [Theory]
    [InlineData(true, "{}", ClientTransport.IstioMutual, ClientTransport.Auto)]
    [InlineData(false, "{ tls: { mode: SIMPLE, credentialName: ca } }", ClientTransport.Plaintext, ClientTransport.Simple)]
    [InlineData(false, "{ tls: { mode: MUTUAL, credentialName: own } }", ClientTransport.Plaintext, ClientTransport.Mutual)]
    public void A_gateway_knows_endpoints_and_secrets_that_sidecars_do_not(bool headless, string policy, ClientTransport sidecar, ClientTransport gateway)
    {
        var mesh = new MeshResolution(Read(Tenant(headless, true), Client, Rule("shop", ToTenant, policy)));
        var scope = mesh.Scopes.Of("web", LabelSet.Empty);

        Assert.Equal(sidecar, Assert.Single(mesh.Clusters(scope, LabelSet.Empty)).Transport);
        Assert.Equal(gateway, Assert.Single(mesh.Clusters(scope, LabelSet.Empty, ofGateway: true)).Transport);
    }

    // BuildClusterLoadAssignment in pilot/pkg/xds/endpoints/endpoint_builder.go: what other entries of the host look up is not told.
    [Fact]
    public void Names_are_not_told_to_a_gateway_as_endpoints()
    {
        static string Entry(string name, string what, int port) =>
            $$"""
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: {{name}}, namespace: web, creationTimestamp: "2026-01-0{{port}}T00:00:00Z" }
            spec: { hosts: [out.example.com], {{what}}, ports: [{ number: 80, name: http, protocol: HTTP }] }

            """;
        var mesh = new MeshResolution(Read(Client, Entry("first", "resolution: NONE", 1), Entry("second", "resolution: DNS, endpoints: [{ address: a.example.com }, { address: 10.9.0.1 }]", 2)));

        var cluster = Assert.Single(mesh.Clusters(mesh.Scopes.Of("web", LabelSet.Empty), LabelSet.Empty, ofGateway: true));

        Assert.Equal((ClusterDiscovery.Eds, "10.9.0.1"), (cluster.Discovery, Assert.Single(cluster.Endpoints).Address));
    }

    // buildGatewayListeners in pilot/pkg/networking/core/gateway.go: listeners of gateways are made of Gateways, without PeerAuthentications.
    [Theory]
    [InlineData("", "{}", TlsStatus.Plaintext)]
    [InlineData("ISTIO_MUTUAL", "{}", TlsStatus.Broken)]
    [InlineData("ISTIO_MUTUAL", "{ tls: { mode: ISTIO_MUTUAL } }", TlsStatus.Secured)]
    [InlineData("", "{ tls: { mode: ISTIO_MUTUAL } }", TlsStatus.Broken)]
    [InlineData("SIMPLE", "{ tls: { mode: SIMPLE } }", TlsStatus.AppTls)]
    public void What_a_gateway_takes_its_Gateways_say(string tls, string policy, TlsStatus status)
    {
        var server = Tenant(sidecars: [false]).Replace("containers: [{ name: app, image: app }]", Router, StringComparison.Ordinal);
        var snapshot = Read(server, Client, Peer("istio-system", "STRICT"), Rule("shop", ToTenant, policy), Gateway("shop", "app: tenant", tls.Length > 0 ? $", tls: {{ mode: {tls} }}" : ""));

        Assert.Equal(status, Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), Callers)).Status);
    }

    // VirtualServicesForGateway in pilot/pkg/model/push_context.go.
    [Theory]
    [InlineData("shop/edge", "app: edge", TlsStatus.Plaintext)]
    [InlineData("mesh", "app: edge", TlsStatus.Secured)]
    [InlineData("shop/other", "app: edge", TlsStatus.Secured)]
    [InlineData("shop/edge", "app: other", TlsStatus.Secured)]
    public void A_gateway_follows_the_VirtualServices_of_its_Gateways(string bound, string selector, TlsStatus status)
    {
        var rule = Rule("shop", ToTenant, "{}").Replace("trafficPolicy: {}", "subsets: [{ name: plain, trafficPolicy: { tls: { mode: DISABLE } } }]", StringComparison.Ordinal);
        var routes = Virtual("shop/v", ToTenant, $"{{ route: [{{ destination: {{ host: {ToTenant}, subset: plain }} }}] }}", extra: $", gateways: [{bound}]");
        var snapshot = Read(Tenant(sidecars: [true]), Edge(), rule, routes, Gateway("shop", selector, ""));

        Assert.Equal(status, Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), Callers)).Status);
    }

    [Fact]
    public void No_PeerAuthentication_keeps_requests_from_a_gateway()
    {
        var snapshot = Read(Tenant(sidecars: [false]).Replace("containers: [{ name: app, image: app }]", Router, StringComparison.Ordinal), Peer("istio-system", "STRICT"));
        var verdict = new AuthorizationResolver(snapshot).Decide(snapshot.Pods.Single(pod => pod.Name == "tenant-0"), new AuthorizationRequest { Port = 8080, Host = "x", Method = "GET", Path = "/" });

        Assert.Equal(AuthorizationDecision.Allow, verdict.Decision);
        Assert.Equal(PolicyCause.NoSidecar, Assert.Single(new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), PolicyKind.PeerAuthentication)).Cause);
    }

    [Fact]
    public void Routes_for_the_mesh_are_not_a_gateways()
    {
        var snapshot = Read(Tenant(sidecars: [true]), Client, Edge(), Virtual("shop/v", ToTenant, $"{{ route: [{{ destination: {{ host: {ToTenant} }} }}], timeout: 3s }}"));

        Assert.Equal(["shop", "web"], Assert.Single(new MeshTimeoutResolver(snapshot).Resolve(snapshot.Service())).Clients);
        Assert.Equal(
            [("edge/edge (gateway)", PolicyCause.NoSidecar), ("shop web", PolicyCause.Applies)],
            new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), PolicyKind.VirtualService).Select(candidate => (string.Join(' ', candidate.Clients.Order(StringComparer.Ordinal)), candidate.Cause)).Order());
    }

    private const string Router = "containers: [{ name: istio-proxy, image: auto, args: [proxy, router] }]";

    private static bool Callers(MeshClient client) => client.Namespace is "web" or "edge";

    private static string Edge() => Pod("edge", "edge-0", "10.0.9.1", sidecar: false).Replace("containers: [{ name: app, image: app }]", Router, StringComparison.Ordinal);

    private static string Gateway(string @namespace, string selector, string tls) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge, namespace: {{@namespace}} }
        spec: { selector: { {{selector}} }, servers: [{ port: { number: 80, name: main, protocol: HTTP }, hosts: ["*"]{{tls}} }] }

        """;
}
