using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// Where connections go on ports without HTTP routes: buildSidecarOutboundTCPFilterChainOpts and buildSidecarOutboundTLSFilterChainOpts in
/// pilot/pkg/networking/core/tls.go (release 1.31).
/// </summary>
public sealed class ClientConnectionsTests
{
    private const string Host = "tenant.shop.svc.cluster.local";
    private const string Subsets = "subsets: [{ name: plain, trafficPolicy: { tls: { mode: DISABLE } } }, { name: secured }]";
    private const string ToPlain = $"route: [{{ destination: {{ host: {Host}, subset: plain }} }}]";
    private const string ToSecured = $"route: [{{ destination: {{ host: {Host}, subset: secured }} }}]";

    private static readonly string Clients = Pod("web", "client-0", "10.0.1.1");

    [Theory]
    [InlineData("tcp: []", TlsStatus.Secured)]
    [InlineData($"tcp: [{{ {ToPlain} }}]", TlsStatus.Plaintext)]
    [InlineData($"tcp: [{{ match: [{{ port: 80 }}], {ToPlain} }}]", TlsStatus.Plaintext)]
    [InlineData($"tcp: [{{ match: [{{ port: 81 }}], {ToPlain} }}]", TlsStatus.Secured)]
    [InlineData($"tcp: [{{ match: [{{ gateways: [edge] }}], {ToPlain} }}]", TlsStatus.Secured)]
    [InlineData($"tcp: [{{ match: [{{ sourceLabels: {{ app: client }} }}], {ToPlain} }}]", TlsStatus.Plaintext)]
    [InlineData($"tcp: [{{ match: [{{ sourceNamespace: other }}], {ToPlain} }}]", TlsStatus.Secured)]
    // The first route that takes every address ends the search; a route for some addresses leaves the rest to the next, or to the service.
    [InlineData($"tcp: [{{ {ToSecured} }}, {{ {ToPlain} }}]", TlsStatus.Secured)]
    [InlineData($"tcp: [{{ match: [{{ destinationSubnets: [10.1.0.0/16] }}], {ToPlain} }}]", TlsStatus.Mixed)]
    [InlineData($"tcp: [{{ match: [{{ destinationSubnets: [10.1.0.0/16] }}], {ToPlain} }}, {{ {ToPlain} }}]", TlsStatus.Plaintext)]
    [InlineData($"tls: [{{ match: [{{ sniHosts: ['{Host}'] }}], {ToPlain} }}]", TlsStatus.Secured)]
    public void A_TCP_port_goes_by_tcp_routes(string routes, TlsStatus status) => Assert.Equal(status, StatusFor("tcp", routes));

    [Theory]
    [InlineData($"tls: [{{ match: [{{ sniHosts: ['{Host}'] }}], {ToPlain} }}]", TlsStatus.Plaintext)]
    [InlineData($"tls: [{{ match: [{{ sniHosts: ['{Host}'] }}], {ToSecured} }}, {{ match: [{{ sniHosts: ['{Host}'] }}], {ToPlain} }}]", TlsStatus.Secured)]
    [InlineData($"tls: [{{ match: [{{ sniHosts: ['{Host}'] }}], {ToSecured} }}, {{ match: [{{ sniHosts: ['other.example.com'] }}], {ToPlain} }}]", TlsStatus.Mixed)]
    [InlineData($"tls: [{{ match: [{{ sniHosts: ['{Host}'], port: 443 }}], {ToPlain} }}]", TlsStatus.Secured)]
    [InlineData($"tcp: [{{ {ToPlain} }}]", TlsStatus.Secured)]
    public void A_TLS_port_goes_by_tls_routes(string routes, TlsStatus status) => Assert.Equal(status, StatusFor("tls", routes));

    // An HTTP port has routes of HTTP only.
    [Fact]
    public void An_HTTP_port_does_not_go_by_tcp_routes() => Assert.Equal(TlsStatus.Secured, StatusFor("http", $"tcp: [{{ {ToPlain} }}]"));

    private static TlsStatus StatusFor(string portName, string routes)
    {
        var tenant = Tenant(sidecars: [true]).Replace("name: http,", $"name: {portName},", StringComparison.Ordinal);
        var rule = Rule("shop", "tenant", "{}").Replace("trafficPolicy: {}", Subsets, StringComparison.Ordinal);
        var snapshot = Read(tenant, Clients, rule, Virtual("shop/tenant", Host, "", extra: $", {routes}"));
        return Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), asked => asked.Namespace == "web")).Status;
    }
}
