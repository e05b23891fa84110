using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// The route configurations that a client in <c>web</c> asks for, and their virtual hosts: <c>buildSidecarOutboundListeners</c> in
/// pilot/pkg/networking/core/listener.go, <c>BuildSidecarOutboundVirtualHosts</c> in pilot/pkg/networking/core/httproute.go.
/// </summary>
public sealed class RouteConfigurationsTests
{
    private const string TenantHost = "tenant.shop.svc.cluster.local";

    // listener.go, `saddress == constants.UnspecifiedIP`: only without an address of its own a service is listened for endpoint by endpoint.
    [Theory]
    [InlineData("resolution: NONE, addresses: [240.1.0.1]", "api.example.com:9100")]
    [InlineData("resolution: NONE, addresses: [240.1.0.1/32]", "api.example.com:9100")]
    [InlineData("resolution: NONE, addresses: [240.1.0.0/24]", "9100")]
    [InlineData("resolution: NONE", "9100")]
    [InlineData("resolution: DNS", "9100")]
    public void A_host_with_an_address_has_routes_of_its_own_where_bytes_tell_the_protocol(string entry, string name) =>
        Assert.Equal([name], Configurations(Read(ServiceEntry(entry, ""))).Names("10.0.1.1"));

    [Theory]
    [InlineData("metrics", false, "tenant.shop.svc.cluster.local:80")]
    [InlineData("metrics", true, null)]
    [InlineData("http", true, "80")]
    public void A_headless_service_without_endpoints_has_routes_only_where_its_protocol_is_known(string port, bool headless, string? name) =>
        Assert.Equal(name is null ? [] : [name], Configurations(Read(Tenant(headless).Replace("name: http", $"name: {port}", StringComparison.Ordinal))).Names("10.0.1.1"));

    // `protocol.Parse` in pkg/config/protocol/instance.go knows http_proxy in any case, and no hbone.
    [Theory]
    [InlineData("HTTP_PROXY", "9100")]
    [InlineData("HBONE", "api.example.com:9100")]
    public void A_protocol_is_what_istiod_calls_so(string protocol, string name) =>
        Assert.Equal([name], Configurations(Read(ServiceEntry("resolution: NONE, addresses: [240.1.0.1]", protocol))).Names("10.0.1.1"));

    // httproute.go, `listenerPort = 0` for HTTP_PROXY: all ports of all services; other hosts are kept on port 80 (`mergeAllVirtualHosts`).
    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("http_proxy")]
    public void A_proxy_listener_serves_all_ports(string protocol)
    {
        var configurations = Configurations(Read(
            Tenant().Replace("{ name: http, port: 80, targetPort: 8080 }", "{ name: http, port: 80 }, { name: http-alt, port: 8080 }, { name: tcp, port: 5432 }", StringComparison.Ordinal),
            Virtual("shop/v", "tenant, other.example.com", "{ match: [{ port: 80 }], redirect: { uri: /x } }, { route: [{ destination: { host: tenant } }] }"),
            Virtual("shop/alone", "alone.example.com", "{ route: [{ destination: { host: tenant } }] }"),
            $$"""
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: own, namespace: web }
            spec: { egress: [{ port: { number: 3128, protocol: {{protocol}}, name: proxy }, bind: 127.0.0.1, hosts: ['*/*'] }] }

            """));

        Assert.Equal(["3128"], configurations.Names("10.0.1.1"));
        var hosts = configurations.VirtualHosts("3128").ToArray();
        Assert.Equal(["other.example.com:80", $"{TenantHost}:80", $"{TenantHost}:8080"], hosts.Select(host => host.Name).Order(StringComparer.Ordinal));

        // A condition on a port never holds, and a destination without a port has none where its service has several.
        Assert.All(hosts, host => Assert.Equal([$"outbound|0||{TenantHost}"], host.Routes.SelectMany(route => route.Clusters).Select(cluster => cluster.Name)));
    }

    // computeWildcardHostVirtualServiceIndex in pilot/pkg/model/sidecar.go keeps hosts as written, separateVSHostsAndServices in
    // pilot/pkg/networking/core/route/route.go asks for them in lower case.
    [Theory]
    [InlineData("api.example.com", "'*.example.com'", "web/v")]
    [InlineData("api.example.com", "'*.Example.com'", null)]
    [InlineData("Api.example.com", "'*.example.com'", null)]
    [InlineData("Api.example.com", "api.example.com", "web/v")]
    [InlineData("api.example.com", "Api.example.com", "web/v")]
    public void Capitals_keep_wildcards_from_a_host(string host, string routed, string? virtualService)
    {
        var entry = ServiceEntry("resolution: DNS", "HTTP").Replace("api.example.com", host, StringComparison.Ordinal);
        var configurations = Configurations(Read(entry, Virtual("web/v", routed, "{ route: [{ destination: { host: api.example.com } }] }")));

        Assert.Equal(virtualService, configurations.VirtualHosts("9100").Single(item => item.Name == "api.example.com:9100").Routes[0].VirtualService?.Key);
    }

    [Theory]
    [InlineData("api.example.com", "web/named")]
    [InlineData("Api.example.com", "web/wide")]
    public void A_name_in_other_letters_leaves_room_for_a_wildcard(string routed, string virtualService)
    {
        const string Routes = "{ route: [{ destination: { host: api.example.com } }] }";
        var configurations = Configurations(Read(
            ServiceEntry("resolution: DNS", "HTTP"), Virtual("web/wide", "'*.example.com'", Routes, "2026-01-01"), Virtual("web/named", routed, Routes, "2026-01-02")));

        Assert.Equal(virtualService, Assert.Single(configurations.VirtualHosts("9100")).Routes[0].VirtualService?.Key);
    }

    private static string ServiceEntry(string spec, string protocol) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: out, namespace: web }
        spec: { hosts: [api.example.com], {{spec}}, ports: [{ number: 9100, name: main, protocol: "{{protocol}}" }] }

        """;

    private static string Tenant(bool headless = false) => MeshYaml.Tenant(headless);

    private static RouteConfigurations Configurations(MeshSnapshot snapshot)
    {
        var mesh = new MeshResolution(snapshot);
        return new RouteConfigurations(new ClientRoutes(snapshot.Mesh, mesh.Scopes.Of("web", LabelSet.Empty), LabelSet.Empty));
    }
}
