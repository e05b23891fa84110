using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// A subset's TLS settings hold where a VirtualService leads to it, and nowhere else
/// (https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset).
/// </summary>
public sealed class MeshTlsRoutingTests
{
    private const string Subsets = "subsets: [{ name: plain, trafficPolicy: { tls: { mode: DISABLE } } }, { name: secured }, { name: first, labels: { first: yes-it-is } }]";

    private static readonly string Clients = Pod("web", "client-0", "10.0.1.1") + Pod("other", "client-0", "10.0.3.1");

    [Theory]
    [InlineData("", TlsStatus.Secured)]
    [InlineData("{ route: [{ destination: { host: tenant.shop.svc.cluster.local } }] }", TlsStatus.Secured)]
    [InlineData("{ route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: secured } }] }", TlsStatus.Secured)]
    [InlineData("{ route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: plain } }] }", TlsStatus.Plaintext)]
    [InlineData("{ match: [{ headers: { x: { exact: y } } }], route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: plain } }] }, { route: [{ destination: { host: tenant.shop.svc.cluster.local } }] }", TlsStatus.Mixed)]
    [InlineData("{ route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: plain }, weight: 1 }, { destination: { host: tenant.shop.svc.cluster.local, subset: secured }, weight: 99 }] }", TlsStatus.Mixed)]
    public void What_is_sent_depends_on_where_requests_are_led(string routes, TlsStatus status) => Assert.Equal(status, StatusFor("web", routes));

    [Fact]
    public void A_route_of_other_clients_changes_nothing()
    {
        const string Routes = "{ match: [{ sourceNamespace: other }], route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: plain } }] }, { route: [{ destination: { host: tenant.shop.svc.cluster.local } }] }";

        Assert.Equal(TlsStatus.Secured, StatusFor("web", Routes));
        Assert.Equal(TlsStatus.Plaintext, StatusFor("other", Routes));
    }

    [Fact]
    public void Endpoints_that_no_request_is_led_to_do_not_count()
    {
        const string Routes = "{ route: [{ destination: { host: tenant.shop.svc.cluster.local, subset: first } }] }";

        Assert.Equal(TlsStatus.Mixed, StatusFor("web", "", sidecars: [true, false]));
        Assert.Equal(TlsStatus.Secured, StatusFor("web", Routes, sidecars: [true, false]));
    }

    private static TlsStatus StatusFor(string client, string routes, params bool[] sidecars)
    {
        // The first pod has a label of its own.
        var tenant = Tenant(sidecars: sidecars.Length > 0 ? sidecars : [true]).Replace("labels: { app: tenant, security", "labels: { app: tenant, first: yes-it-is, security", StringComparison.Ordinal);
        var rule = Rule("shop", "tenant", "{}").Replace("trafficPolicy: {}", Subsets, StringComparison.Ordinal);
        var snapshot = Read(tenant, Clients, rule, routes.Length == 0 ? "" : Virtual("shop/tenant", "tenant.shop.svc.cluster.local", routes));
        return Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), asked => asked.Namespace == client)).Status;
    }
}
