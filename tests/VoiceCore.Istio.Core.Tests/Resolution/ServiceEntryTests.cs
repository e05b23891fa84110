using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Hosts of ServiceEntries, by Istio's reference of ServiceEntry and WorkloadEntry.</summary>
public sealed class ServiceEntryTests
{
    private const string Host = "api.example.com";
    private const string Dns = "resolution: DNS";

    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    [Theory]
    [InlineData("HTTPS", ClientSends.OwnTls, TlsStatus.AppTls)]
    [InlineData("TLS", ClientSends.OwnTls, TlsStatus.AppTls)]
    [InlineData("HTTP", ClientSends.Plaintext, TlsStatus.Plaintext)]
    public void A_host_outside_gets_what_the_application_sends(string protocol, ClientSends sends, TlsStatus status)
    {
        var verdict = Tls(Read(Client, Entry("web/out", Dns, protocol), Peer("istio-system", "STRICT")));

        Assert.Equal((sends, status, ServerTls.None), (verdict.Sends, verdict.Status, verdict.Server));
    }

    [Fact]
    public void A_DestinationRule_gives_TLS_to_a_host_outside()
    {
        var verdict = Tls(Read(Client, Entry("web/out", Dns, "HTTP"), Rule("web", Host, "{ tls: { mode: SIMPLE } }")));

        Assert.Equal((ClientSends.OwnTls, "web/rule"), (verdict.Sends, verdict.ClientPolicy));
    }

    // An entry without resolution passes requests to the address that the application chose.
    [Fact]
    public void Without_resolution_somebody_answers_all_the_same() =>
        Assert.Equal(TlsStatus.Plaintext, Tls(Read(Client, Entry("web/out", "resolution: NONE", "HTTP"))).Status);

    [Theory]
    [InlineData(", serviceAccount: vm", TlsStatus.Secured)]
    [InlineData("", TlsStatus.Plaintext)]
    [InlineData(", serviceAccount: vm, labels: { security.istio.io/tlsMode: disabled }", TlsStatus.Plaintext)]
    public void A_workload_inside_takes_mutual_TLS_where_it_has_an_identity(string identity, TlsStatus status) =>
        Assert.Equal(status, Tls(Read(Client, Entry("web/in", $"location: MESH_INTERNAL, resolution: STATIC, endpoints: [{{ address: 10.9.0.1{identity} }}]", "HTTP"))).Status);

    [Fact]
    public void A_selector_takes_workloads_and_ready_pods_of_the_namespace_with_ports_of_their_own()
    {
        var endpoints = Endpoints(
            Entry("shop/in", "location: MESH_INTERNAL, resolution: STATIC, workloadSelector: { labels: { app: vm } }", "HTTP"),
            Workload("shop/a", "address: 10.9.0.1, labels: { app: vm }, ports: { main: 9999 }"),
            Workload("shop/b", "address: 10.9.0.2, labels: { app: other }"),
            Workload("web/c", "address: 10.9.0.3, labels: { app: vm }"),
            Workload("shop/d", "address: vm.example.com, labels: { app: vm }"),
            Pod("shop", "vm-0", "10.0.0.9"));

        Assert.Equal(["10.0.0.9:80", "10.9.0.1:9999"], endpoints);
    }

    [Fact]
    public void A_name_is_its_own_endpoint_and_a_target_port_counts()
    {
        Assert.Equal([$"{Host}:80"], Endpoints(Entry("web/out", Dns, "HTTP")));
        Assert.Equal([$"{Host}:8080"], Endpoints(Entry("web/out", Dns, "HTTP, targetPort: 8080")));
        Assert.Equal([$"{Host}:80"], Endpoints(Entry("web/out", Dns, "HTTP, targetPort: 0")));
    }

    // `buildCluster` in pilot/pkg/networking/core/cluster_builder.go: names are looked up for endpoints, and a host has no labels.
    [Theory]
    [InlineData(Dns, "outbound|80||api.example.com")]
    [InlineData($"{Dns}, endpoints: [{{ address: a.example.com, labels: {{ version: v2 }} }}]", "outbound|80||api.example.com outbound|80|v2|api.example.com")]
    [InlineData($"{Dns}, workloadSelector: {{ labels: {{ app: none }} }}", "")]
    [InlineData("resolution: STATIC, endpoints: [{ address: 10.9.0.1 }]", "outbound|80||api.example.com outbound|80|v2|api.example.com")]
    [InlineData("resolution: NONE", "outbound|80||api.example.com outbound|80|v2|api.example.com")]
    public void A_subset_of_a_host_that_is_looked_up_needs_an_endpoint(string entry, string clusters)
    {
        var mesh = new MeshResolution(Read(
            Client,
            Entry("web/out", entry, "HTTP"),
            Rule("web", Host, "{}").Replace("trafficPolicy: {}", "subsets: [{ name: v2, labels: { version: v2 } }]", StringComparison.Ordinal)));

        Assert.Equal(clusters, string.Join(' ', mesh.Clusters(mesh.Scopes.Of("web", LabelSet.Empty), LabelSet.Empty).Select(cluster => cluster.Name)));
    }

    [Fact]
    public void What_is_not_exported_is_not_known()
    {
        var snapshot = Read(Client, Entry("shop/out", $"{Dns}, exportTo: ['.']", "HTTP"));

        Assert.Empty(new MeshTimeoutResolver(snapshot).Resolve(new ServiceHost("shop", Host, true)));
    }

    [Fact]
    public void Of_one_host_in_two_namespaces_a_client_knows_its_own()
    {
        var snapshot = Read(Client, Pod("jobs", "client-0", "10.0.2.1"), Entry("shop/out", Dns, "HTTP"), Entry("web/out", Dns, "HTTP"));
        var resolver = new MeshTimeoutResolver(snapshot);

        Assert.Equal(["web"], Assert.Single(resolver.Resolve(new ServiceHost("web", Host, true))).Clients);
        Assert.Equal(["jobs"], Assert.Single(resolver.Resolve(new ServiceHost("shop", Host, true))).Clients);
    }

    [Fact]
    public void A_Service_of_the_cluster_keeps_its_host()
    {
        var snapshot = Read(Tenant(sidecars: [true]), Client, Entry("shop/squat", Dns, "HTTP").Replace(Host, "tenant.shop.svc.cluster.local", StringComparison.Ordinal));
        var verdict = Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service()));

        Assert.Equal(TlsStatus.Secured, verdict.Status);
        Assert.Empty(new MeshTlsResolver(snapshot).Resolve(new ServiceHost("shop", "tenant.shop.svc.cluster.local", true)));
    }

    [Fact]
    public void A_VirtualService_limits_requests_to_a_host_outside()
    {
        var snapshot = Read(Client, Entry("web/out", Dns, "HTTP"), Virtual("web/v", Host, $"{{ route: [{{ destination: {{ host: {Host} }} }}], timeout: 3s }}"));
        var row = Assert.Single(new MeshTimeoutResolver(snapshot).Resolve(Assert.Single(ServiceHost.Of(snapshot))));

        Assert.Equal(TimeSpan.FromSeconds(3), row.Timeout);
        Assert.True(Assert.Single(row.Destinations).IsKnown);
    }

    // How many addresses a name has is not known, so that one of them may go is not excluded.
    [Fact]
    public void Outlier_detection_of_a_name_is_not_judged_by_one_endpoint()
    {
        var snapshot = Read(Client, Entry("web/out", Dns, "HTTP"), Rule("web", Host, "{ connectionPool: { http: { http2MaxRequests: 9 } }, outlierDetection: { consecutive5xxErrors: 5 } }"));

        Assert.Equal(CircuitBreakerState.Effective, Assert.Single(new MeshCircuitBreakerResolver(snapshot, null).Resolve(Assert.Single(ServiceHost.Of(snapshot)))).State);
    }

    private static string Entry(string key, string what, string protocol) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: {{key.Split('/')[1]}}, namespace: {{key.Split('/')[0]}} }
        spec: { hosts: [{{Host}}], {{what}}, ports: [{ number: 80, name: main, protocol: {{protocol}} }] }

        """;

    private static string Workload(string key, string spec) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: {{key.Split('/')[1]}}, namespace: {{key.Split('/')[0]}} }
        spec: { {{spec}} }

        """;

    private static MeshTlsVerdict Tls(MeshSnapshot snapshot) => Assert.Single(new MeshTlsResolver(snapshot).Resolve(Assert.Single(ServiceHost.Of(snapshot))));

    private static IEnumerable<string> Endpoints(params string[] documents) =>
        new ServiceRegistry(Read(documents)).Find(Host)!.Ports[0].Endpoints.Select(endpoint => $"{endpoint.Address}:{endpoint.Port}").Order(StringComparer.Ordinal);
}
