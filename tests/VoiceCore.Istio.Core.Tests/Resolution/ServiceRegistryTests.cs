using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>What proxies are told of services and their endpoints, by Istio's sources (release 1.31); each test names the place.</summary>
public sealed class ServiceRegistryTests
{
    private const string Tenant80 = "outbound|80||tenant.shop.svc.cluster.local";

    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    // buildCluster in pilot/pkg/networking/core/cluster_builder.go: no cluster of names without an endpoint, whole or subset.
    [Fact]
    public void A_name_that_nothing_answers_to_has_no_cluster()
    {
        Assert.Empty(Clusters(Client, Entry("web/a", "a.example.com", "resolution: DNS, workloadSelector: { labels: { app: none } }")));
        Assert.Equal(["outbound|80||a.example.com EDS"], Clusters(Client, Entry("web/a", "a.example.com", "resolution: STATIC, workloadSelector: { labels: { app: none } }")));

        const string Subsets = "[{ name: one, labels: { v: '1' } }, { name: two, labels: { v: '2' } }, { name: any, labels: { v: '2' }, trafficPolicy: { loadBalancer: { simple: PASSTHROUGH } } }]";
        Assert.Equal(
            ["outbound|80|any|a.example.com ORIGINAL_DST", "outbound|80|one|a.example.com STRICT_DNS", "outbound|80||a.example.com STRICT_DNS"],
            Clusters(Client, Entry("web/a", "a.example.com", "resolution: DNS, endpoints: [{ address: b.example.com, labels: { v: '1' } }]"), Rule("web", "a.example.com", "{}", Subsets)));
    }

    // convertResolution in pilot/pkg/networking/core/cluster.go, GetDNSConnectStrategy in pilot/pkg/model/service.go.
    [Theory]
    [InlineData("DNS", "", "STRICT_DNS")]
    [InlineData("DNS", "RACE_FIRST_TCP_CONNECT", "LOGICAL_DNS")]
    [InlineData("DNS", "other", "STRICT_DNS")]
    [InlineData("DNS_ROUND_ROBIN", "", "LOGICAL_DNS")]
    [InlineData("NONE", "", "ORIGINAL_DST")]
    public void A_cluster_looks_names_up_as_its_entry_says(string resolution, string strategy, string type) => Assert.Equal(
        [$"outbound|80||a.example.com {type}"],
        Clusters(Client, Entry("web/a", "a.example.com", $"resolution: {resolution}", annotations: $"istio.io/connect-strategy: '{strategy}'")));

    // buildOutboundClusters and applyDestinationRule in pilot/pkg/networking/core: HTTP, HTTP/2, gRPC and TLS only, and no subsets.
    [Theory]
    [InlineData("HTTP", 1)]
    [InlineData("GRPC", 1)]
    [InlineData("TLS", 1)]
    [InlineData("HTTPS", 0)]
    [InlineData("TCP", 0)]
    public void Names_of_requests_are_looked_up_where_the_protocol_carries_them(string protocol, int clusters) => Assert.Equal(
        clusters,
        Clusters(Client, Entry("web/a", "'*.example.com'", "resolution: DYNAMIC_DNS", protocol), Rule("web", "*.example.com", "{ loadBalancer: { simple: PASSTHROUGH } }", "[{ name: v1, labels: { v: '1' } }]"))
            .Count(cluster => cluster == "outbound|80||*.example.com DFP"));

    // buildUpstreamClusterTLSContext in pilot/pkg/networking/core/cluster_tls.go: the name that a request asks for is the SNI.
    [Fact]
    public void Mutual_TLS_to_names_of_requests_has_no_fixed_SNI()
    {
        var cluster = Assert.Single(All(Client, Entry("web/a", "'*.example.com'", "resolution: DYNAMIC_DNS"), Rule("web", "*.example.com", "{ tls: { mode: ISTIO_MUTUAL } }")));

        Assert.Equal((ClientTransport.IstioMutual, null), (cluster.Transport, cluster.Sni));
    }

    // BuildClusterLoadAssignment in pilot/pkg/xds/endpoints/endpoint_builder.go: names are not told; sockets are, without a port.
    [Fact]
    public void Names_are_not_told_as_endpoints_but_sockets_are() => Assert.Equal(
        ["/run/a.sock:0"],
        Endpoints("outbound|80||a.example.com", Client, Entry("web/a", "a.example.com", "resolution: STATIC, endpoints: [{ address: b.example.com }, { address: 'unix:///run/a.sock' }]")));

    // convertServices in pilot/pkg/serviceregistry/serviceentry/conversion.go makes a service of each address.
    [Fact]
    public void Each_address_of_an_entry_brings_its_endpoints() => Assert.Equal(
        ["10.9.0.1:80", "10.9.0.1:80"],
        Endpoints("outbound|80||a.example.com", Client, Entry("web/a", "a.example.com", "addresses: [203.0.113.1, 203.0.113.2], resolution: STATIC, endpoints: [{ address: 10.9.0.1 }]")));

    // mergeServicesInstancesByNamespaceHost, same file: round robin takes the first endpoint of a port, of pods before entries.
    [Fact]
    public void Round_robin_has_one_endpoint() => Assert.Equal(
        ["10.0.0.9:80"],
        Endpoints(
            "outbound|80||a.example.com",
            Client,
            Workload("web/a", "address: 10.9.0.1, labels: { app: vm }"),
            Pod("web", "vm-2", "10.0.0.8"),
            Pod("web", "vm-1", "10.0.0.9"),
            Entry("web/a", "a.example.com", "resolution: DNS_ROUND_ROBIN, workloadSelector: { labels: { app: vm } }")));

    // getPortMap in pilot/pkg/serviceregistry/kube/controller/pod.go.
    [Theory]
    [InlineData("containers: [{ name: app, ports: [{ name: main, containerPort: 9000 }, { name: main, containerPort: 9001 }] }]", 9000)]
    [InlineData("containers: [{ name: app, ports: [{ name: main, containerPort: 9000, protocol: UDP }] }]", 80)]
    [InlineData("initContainers: [{ name: a, restartPolicy: Always, ports: [{ name: main, containerPort: 9000 }] }]", 9000)]
    [InlineData("initContainers: [{ name: a, ports: [{ name: main, containerPort: 9000 }] }]", 80)]
    [InlineData("initContainers: [{ name: a, restartPolicy: Always, ports: [{ name: main, containerPort: 9000 }] }], containers: [{ name: b, ports: [{ name: main, containerPort: 9001 }] }]", 9001)]
    public void A_selected_pod_answers_on_its_port_of_the_name(string containers, int port) => Assert.Equal(
        [$"10.0.0.9:{port}"],
        Endpoints(
            "outbound|80||a.example.com",
            Client,
            Pod("web", "vm-1", "10.0.0.9").Replace("spec:\n  containers: [{ name: app, image: app }]", $"spec: {{ {containers} }}", StringComparison.Ordinal),
            Entry("web/a", "a.example.com", "resolution: STATIC, workloadSelector: { labels: { app: vm } }")));

    // ShardsForService in pilot/pkg/model/endpointshards.go: endpoints belong to a host and namespace.
    [Fact]
    public void A_Service_has_the_endpoints_of_an_entry_for_its_host_and_namespace()
    {
        string Entry80(string key) => Entry(key, "tenant.shop.svc.cluster.local", "resolution: STATIC, endpoints: [{ address: 10.9.0.1 }]").Replace("name: main", "name: http", StringComparison.Ordinal);

        Assert.Equal(["10.0.0.1:8080", "10.9.0.1:80"], Endpoints(Tenant80, Client, Tenant(sidecars: [true]), Entry80("shop/a")));
        Assert.Equal(["10.0.0.1:8080"], Endpoints(Tenant80, Client, Tenant(sidecars: [true]), Entry80("jobs/a")));
    }

    // serviceInstancesFromWorkloadInstances in pilot/pkg/serviceregistry/kube/controller/controller.go.
    [Theory]
    [InlineData("8080", "", "10.9.0.1:8080")]
    [InlineData("8080", ", ports: { http: 9000 }", "10.9.0.1:9000")]
    [InlineData("main", ", ports: { main: 9001 }", "10.9.0.1:9001")]
    [InlineData("main", "", null)]
    [InlineData("0", "", "10.9.0.1:80")]
    [InlineData("''", ", ports: { http: 9000 }", "10.9.0.1:9000")]
    public void A_Service_selects_WorkloadEntries_of_its_namespace(string target, string ports, string? endpoint)
    {
        var endpoints = Endpoints(
            Tenant80,
            Client,
            Tenant(sidecars: [true]).Replace("targetPort: 8080", $"targetPort: {target}", StringComparison.Ordinal),
            Workload("shop/vm", $"address: 10.9.0.1, labels: {{ app: tenant }}{ports}"),
            Workload("shop/name", "address: vm.example.com, labels: { app: tenant }"),
            Workload("web/other", "address: 10.9.0.2, labels: { app: tenant }"));

        Assert.Equal(endpoint is null ? ["10.0.0.1:8080"] : ["10.0.0.1:8080", endpoint], endpoints);
    }

    // updateEndpointCacheForSlice in .../kube/controller/endpointslice.go: not used where the pod is gone; one without a reference is that with its IP.
    [Fact]
    public void An_endpoint_is_its_pod_or_the_pod_of_its_IP()
    {
        var tenant = Tenant(sidecars: [true]);

        Assert.Empty(Endpoints(Tenant80, Client, tenant.Replace("name: tenant-0, namespace", "name: gone, namespace", StringComparison.Ordinal)));
        var found = Assert.Single(All(Client, tenant.Replace(", targetRef: { kind: Pod, name: tenant-0, namespace: shop }", "", StringComparison.Ordinal)));
        Assert.True(found.Endpoints.Single().AcceptsMutualTls);
    }

    // get in the same file: an endpoint that two slices hold counts once.
    [Fact]
    public void An_endpoint_in_two_slices_counts_once()
    {
        var tenant = Tenant(sidecars: [true]);
        var second = tenant.Split("---\n").Single(part => part.Contains("EndpointSlice", StringComparison.Ordinal)).Replace("name: tenant-1,", "name: tenant-2,", StringComparison.Ordinal);

        Assert.Equal(["10.0.0.1:8080"], Endpoints(Tenant80, Client, tenant, "---\n", second));
    }

    // BestEffortInferServiceMTLSMode in pilot/pkg/model/push_context.go looks at all endpoints that istiod knows, ready or not.
    [Fact]
    public void An_unready_endpoint_without_a_sidecar_decides_for_a_headless_service()
    {
        var tenant = Tenant(headless: true, sidecars: [true, false]);

        Assert.Equal(ClientTransport.Plaintext, Assert.Single(All(Client, tenant.Replace("addresses: [10.0.0.2], conditions: { ready: true }", "addresses: [10.0.0.2], conditions: { ready: false }", StringComparison.Ordinal))).Transport);
        Assert.Equal(ClientTransport.IstioMutual, Assert.Single(All(Client, Tenant(headless: true, sidecars: [true]))).Transport);
    }

    // buildSidecarOutboundListeners in pilot/pkg/networking/core/listener.go: a listener for each endpoint, ready or not.
    [Fact]
    public void An_unready_endpoint_of_a_headless_service_is_listened_for()
    {
        var tenant = Tenant(headless: true, sidecars: [true]).Replace("conditions: { ready: true }", "conditions: { ready: false }", StringComparison.Ordinal).Replace("name: http,", "name: any,", StringComparison.Ordinal);
        var mesh = new MeshResolution(Read(Client, tenant));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");

        Assert.Equal(["tenant.shop.svc.cluster.local:80"], new RouteConfigurations(new ClientRoutes(mesh.Snapshot.Mesh, mesh.Scopes.Of("web", client.Labels), client.Labels)).Names(client.IP));
    }

    // IsServiceVisible and initServiceRegistry in push_context.go: beside `~` no other namespace counts, unless the service is asked for by name.
    [Theory]
    [InlineData("web/*", false)]
    [InlineData("shop/tenant.shop.svc.cluster.local", true)]
    [InlineData("'*/tenant.shop.svc.cluster.local'", false)]
    public void A_hidden_service_is_seen_by_those_it_is_exported_to_and_who_name_it(string host, bool isSeen)
    {
        var tenant = Tenant(sidecars: [true]).Replace("{ name: tenant, namespace: shop }", "{ name: tenant, namespace: shop, annotations: { networking.istio.io/exportTo: '~,web' } }", StringComparison.Ordinal);

        Assert.Equal(isSeen, Clusters(Client, tenant, Scope("web", $"[{{ hosts: [{host}] }}]")).Count > 0);
        Assert.NotEmpty(Clusters(Client, tenant, Virtual("web/v", "any.example.com", "{ route: [{ destination: { host: tenant.shop.svc.cluster.local } }] }")));
    }

    // appendSidecarServices in pilot/pkg/model/sidecar.go: a Service of Kubernetes takes the place of an entry, also of another listener.
    [Fact]
    public void A_Service_takes_the_place_of_an_entry()
    {
        var entry = Entry("jobs/a", "tenant.shop.svc.cluster.local", "resolution: DNS");

        Assert.Equal([$"{Tenant80} EDS"], Clusters(Client, Tenant(sidecars: [true]), entry, Scope("web", "[{ port: { number: 80, protocol: HTTP, name: a }, hosts: [jobs/*] }, { hosts: [shop/*] }]")));
        Assert.Equal([$"{Tenant80} STRICT_DNS"], Clusters(Client, Tenant(sidecars: [true]), entry, Scope("web", "[{ hosts: [jobs/*] }]")));
    }

    // canMergeServices, same file: ports come together only where resolution, labels, selector and exportTo are the same.
    [Theory]
    [InlineData("resolution: DNS", 2)]
    [InlineData("resolution: DNS, location: MESH_INTERNAL", 2)]
    [InlineData("resolution: STATIC", 1)]
    [InlineData("resolution: DNS, exportTo: ['*']", 1)]
    [InlineData("resolution: DNS, workloadSelector: { labels: { app: client } }", 1)]
    public void Entries_of_one_host_are_one_service_where_nothing_keeps_them_apart(string second, int ports) => Assert.Equal(
        ports,
        Clusters(Client, Entry("web/a", "a.example.com", "resolution: DNS"), Entry("web/b", "a.example.com", second).Replace("number: 80", "number: 81", StringComparison.Ordinal)).Count);

    // SortServicesByCreationTime in push_context.go: of one age by host, then namespace; the names of entries do not count.
    [Fact]
    public void Of_entries_of_one_age_the_first_namespace_counts() => Assert.Equal(
        ["outbound|80||a.example.com STRICT_DNS"],
        Clusters(Client, Entry("shop/a", "a.example.com", "resolution: DNS_ROUND_ROBIN"), Entry("jobs/z", "a.example.com", "resolution: DNS"), Virtual("web/v", "any.example.com", "{ route: [{ destination: { host: a.example.com } }] }"), Scope("web", "[{ hosts: [web/*] }]")));

    // selectServices and selectVirtualServices: listeners and routes are made of all services of a host in its namespace, clusters of the first.
    [Fact]
    public void Ports_of_an_entry_beside_a_Service_have_routes_but_no_clusters()
    {
        var mesh = new MeshResolution(Read(Client, Tenant(sidecars: [true]), Entry("shop/a", "tenant.shop.svc.cluster.local", "resolution: DNS").Replace("number: 80", "number: 81", StringComparison.Ordinal)));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");
        var scope = mesh.Scopes.Of("web", client.Labels);
        var configurations = new RouteConfigurations(new ClientRoutes(mesh.Snapshot.Mesh, scope, client.Labels));

        Assert.Equal([Tenant80], mesh.Clusters(scope, client.Labels).Select(cluster => cluster.Name));
        Assert.Equal(["80", "81"], configurations.Names(client.IP).Order(StringComparer.Ordinal));
        Assert.Equal("tenant.shop.svc.cluster.local:81", Assert.Single(configurations.VirtualHosts("81")).Name);
    }

    // BuildSidecarOutboundVirtualHosts in pilot/pkg/networking/core/httproute.go asks for a cluster in small letters, which is not there.
    [Fact]
    public void A_host_in_capital_letters_has_no_cluster_that_its_route_finds()
    {
        var mesh = new MeshResolution(Read(Client, Entry("web/a", "a.Example.com", "resolution: DNS")));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");
        var scope = mesh.Scopes.Of("web", client.Labels);
        var host = Assert.Single(new RouteConfigurations(new ClientRoutes(mesh.Snapshot.Mesh, scope, client.Labels)).VirtualHosts("80"));

        Assert.Equal(("a.example.com:80", "outbound|80||a.example.com"), (host.Name, host.Routes[0].Clusters[0].Name));
        Assert.Equal("outbound|80||a.Example.com", Assert.Single(mesh.Clusters(scope, client.Labels)).Name);
    }

    // pkg/kube/namespace/filter.go.
    [Fact]
    public void What_the_discovery_selectors_leave_out_is_not_known()
    {
        const string Mesh = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: istio, namespace: istio-system }
            data: { mesh: "discoverySelectors: [{ matchLabels: { mesh: 'yes' } }]" }
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: web, labels: { mesh: 'yes' } }

            """;
        string[] mesh = [Mesh, Client, Tenant(sidecars: [true]), Entry("web/a", "a.example.com", "resolution: DNS"), Rule("shop", "a.example.com", "{ tls: { mode: SIMPLE } }")];

        Assert.Equal(["outbound|80||a.example.com STRICT_DNS"], Clusters(mesh));
        var snapshot = Read(mesh);
        Assert.Equal(TlsStatus.Plaintext, Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service())).Status);
    }

    // buildUpstreamClusterTLSContext: certificates of a ConfigMap reach sidecars, those of a secret do not.
    [Theory]
    [InlineData("configmap://ca", ClientTransport.Simple)]
    [InlineData("ca", ClientTransport.Plaintext)]
    public void Certificates_of_a_ConfigMap_reach_sidecars(string credential, ClientTransport transport) => Assert.Equal(
        transport,
        Assert.Single(All(Client, Tenant(sidecars: [true]), Rule("web", "tenant.shop.svc.cluster.local", $"{{ tls: {{ mode: SIMPLE, credentialName: '{credential}' }} }}"))).Transport);

    private static List<string> Clusters(params string[] documents) =>
        All(documents).Select(cluster => $"{cluster.Name} {Type(cluster.Discovery)}").Order(StringComparer.Ordinal).ToList();

    private static string[] Endpoints(string cluster, params string[] documents) =>
        All(documents).Single(item => item.Name == cluster).Endpoints.Select(endpoint => $"{endpoint.Address}:{endpoint.Port}").Order(StringComparer.Ordinal).ToArray();

    private static OutboundCluster[] All(params string[] documents)
    {
        var mesh = new MeshResolution(Read(documents));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");
        return mesh.Clusters(mesh.Scopes.Of(client.Namespace, client.Labels), client.Labels).ToArray();
    }

    private static string Type(ClusterDiscovery discovery) => discovery switch
    {
        ClusterDiscovery.Eds => "EDS",
        ClusterDiscovery.OriginalDestination => "ORIGINAL_DST",
        ClusterDiscovery.StrictDns => "STRICT_DNS",
        ClusterDiscovery.LogicalDns => "LOGICAL_DNS",
        _ => "DFP",
    };

    private static string Entry(string key, string host, string what, string protocol = "HTTP", string annotations = "") =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: { name: {{key.Split('/')[1]}}, namespace: {{key.Split('/')[0]}}, annotations: { {{annotations}} } }
        spec: { hosts: [{{host}}], {{what}}, ports: [{ number: 80, name: main, protocol: {{protocol}} }] }

        """;

    private static string Rule(string @namespace, string host, string policy, string subsets = "[]") =>
        MeshYaml.Rule(@namespace, host, policy).Replace("trafficPolicy:", $"subsets: {subsets}, trafficPolicy:", StringComparison.Ordinal);

    private static string Workload(string key, string spec) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: { name: {{key.Split('/')[1]}}, namespace: {{key.Split('/')[0]}} }
        spec: { {{spec}} }

        """;

    private static string Scope(string @namespace, string egress) =>
        $$"""
        ---
        apiVersion: networking.istio.io/v1
        kind: Sidecar
        metadata: { name: scope, namespace: {{@namespace}} }
        spec: { egress: {{egress}} }

        """;
}
