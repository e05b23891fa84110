using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Sidecars with sockets and with a proxy for what clients do not know, by Istio's sources (release 1.31).</summary>
public sealed class EgressListenerTests
{
    private const string Socket = "unix:///run/http.sock";

    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    // needsPortMatch and GetEgressListenerForRDS in pilot/pkg/model/sidecar.go; a socket's routes bear its name and are for all ports
    // (buildSidecarOutboundHTTPListenerOpts in pilot/pkg/networking/core/listener.go).
    [Fact]
    public void A_socket_imports_all_ports_and_has_routes_of_its_own()
    {
        var mesh = new MeshResolution(Read(Client, Tenant(sidecars: [true]), Sidecar($"egress: [{{ bind: '{Socket}', port: {{ number: 0, protocol: HTTP, name: u }}, captureMode: NONE, hosts: [shop/*] }}]")));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");
        var scope = mesh.Scopes.Of("web", client.Labels);
        var configurations = new RouteConfigurations(new ClientRoutes(mesh.Snapshot.Mesh, scope, client.Labels));

        Assert.Equal("outbound|80||tenant.shop.svc.cluster.local", Assert.Single(mesh.Clusters(scope, client.Labels)).Name);
        Assert.Equal([Socket], configurations.Names(client.IP));
        Assert.Equal("tenant.shop.svc.cluster.local:80", Assert.Single(configurations.VirtualHosts(Socket)).Name);
        Assert.Null(scope.ListenerOf(80));
    }

    [Fact]
    public void A_socket_does_not_take_the_ports_of_what_follows()
    {
        var mesh = new MeshResolution(Read(Client, Tenant(sidecars: [true]), Sidecar($"egress: [{{ bind: '{Socket}', port: {{ number: 0, protocol: HTTP, name: u }}, hosts: [other/*] }}, {{ hosts: [shop/*] }}]")));

        Assert.Single(mesh.Scopes.Of("web", mesh.Snapshot.Pods[0].Labels).ListenerOf(80)!.Services);
    }

    // buildCatchAllVirtualHost in pilot/pkg/networking/core/httproute.go, buildOutboundCatchAllNetworkFiltersOnly in listener_builder.go.
    [Theory]
    [InlineData("ALLOW_ANY", "out.web.svc.cluster.local", "", TlsStatus.Secured)]
    [InlineData("ALLOW_ANY", "out.web.svc.cluster.local", "plain", TlsStatus.Plaintext)]
    [InlineData("ALLOW_ANY", "out.web.svc.cluster.local", "none", TlsStatus.Broken)]
    [InlineData("ALLOW_ANY", "gone.web.svc.cluster.local", "", TlsStatus.Broken)]
    [InlineData("REGISTRY_ONLY", "out.web.svc.cluster.local", "", TlsStatus.Broken)]
    [InlineData("ALLOW_ANY_DYNAMIC_DNS", "out.web.svc.cluster.local", "", TlsStatus.Plaintext)]
    public void What_clients_do_not_know_goes_through_the_egress_proxy(string mode, string host, string subset, TlsStatus status)
    {
        var proxy = Tenant(sidecars: [true]).Replace("tenant", "out", StringComparison.Ordinal).Replace("shop", "web", StringComparison.Ordinal).Replace("10.0.0.", "10.0.4.", StringComparison.Ordinal);
        var rule = Rule("web", "out", "{}").Replace("trafficPolicy: {}", "subsets: [{ name: plain, trafficPolicy: { tls: { mode: DISABLE } } }]", StringComparison.Ordinal);
        var sidecar = Sidecar($"egress: [{{ hosts: [./*] }}], outboundTrafficPolicy: {{ mode: {mode}, egressProxy: {{ host: {host}, port: {{ number: 80 }}, subset: '{subset}' }} }}");
        var snapshot = Read(Client, proxy, rule, Tenant(sidecars: [false]), sidecar);

        var verdict = Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service("tenant"), client => client.Name == "web"));

        Assert.Equal((status, mode == "ALLOW_ANY"), (verdict.Status, verdict.Reason.Contains("egress proxy", StringComparison.Ordinal)));
    }

    private static string Sidecar(string spec) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: scope, namespace: web }
        spec: { {{spec}} }

        """;
}
