using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Findings;

public sealed class MeshCheckTests
{
    private const string Mesh = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio-injection: enabled } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: tenant, namespace: shop }
        spec: { selector: { app: tenant }, ports: [{ name: grpc, port: 80, targetPort: 8080 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: tenant-1, namespace: shop, labels: { app: tenant, security.istio.io/tlsMode: istio } }
        spec: { containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: tenant-2, namespace: shop, labels: { app: tenant, security.istio.io/tlsMode: istio } }
        spec: { containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---

        """;

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public void Retries_count_one_try_more_than_attempts(int attempts, bool isFound) =>
        Assert.Equal(isFound, Codes($$"""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: tenant, namespace: shop }
            spec: { hosts: [tenant], http: [{ route: [{ destination: { host: tenant } }], timeout: 20s, retries: { attempts: {{attempts}}, perTryTimeout: 10s } }] }
            """).Contains("VCM0201"));

    // Two replicas: 100 * (0 + 1) / 2 = 50 must be at most the percentage; not stated it is 10.
    [Theory]
    [InlineData("", true)]
    [InlineData("maxEjectionPercent: 49", true)]
    [InlineData("maxEjectionPercent: 50", false)]
    public void Outlier_detection_must_be_able_to_leave_out_one_replica(string percent, bool isFound) =>
        Assert.Equal(isFound, Codes(Rule($"outlierDetection: {{ consecutive5xxErrors: 5, {percent} }}")).Contains("VCM0203"));

    [Theory]
    [InlineData("connectionPool: { tcp: { maxConnections: 10 } }", true)]
    [InlineData("connectionPool: { tcp: { maxConnections: 10 }, http: { http2MaxRequests: 10 } }", false)]
    public void Limits_under_http2_need_one_of_requests(string policy, bool isFound) =>
        Assert.Equal(isFound, Codes(Rule(policy)).Contains("VCM0205"));

    [Theory]
    [InlineData("STRICT", "DISABLE", "VCM0230")]
    [InlineData("DISABLE", "ISTIO_MUTUAL", "VCM0231")]
    [InlineData("STRICT", "ISTIO_MUTUAL", null)]
    [InlineData("PERMISSIVE", "DISABLE", null)]
    public void Callers_and_servers_must_agree_about_tls(string server, string client, string? code)
    {
        var found = Codes($$"""
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: { name: default, namespace: shop }
            spec: { mtls: { mode: {{server}} } }
            ---
            {{Rule($"tls: {{ mode: {client} }}")}}
            """);
        Assert.Equal(code is null ? [] : [code], found.Where(item => item is "VCM0230" or "VCM0231"));
    }

    // Modes of ports are those of the pod's ports, which a Service may lead to by name; 0 means the Service's own number, as no number does.
    [Theory]
    [InlineData("8080", 8080, true)]
    [InlineData("web", 8080, true)]
    [InlineData("web", 80, false)]
    [InlineData("0", 80, true)]
    [InlineData("0", 8080, false)]
    public void The_mode_of_a_port_is_that_of_the_pods_port(string target, int strict, bool isFound)
    {
        var mesh = Mesh.Replace("targetPort: 8080", $"targetPort: {target}", StringComparison.Ordinal)
            .Replace("{ name: app, image: a }", "{ name: app, image: a, ports: [{ name: web, containerPort: 8080 }] }", StringComparison.Ordinal);
        var found = MeshCheck.Run(MeshYaml.Read(mesh, $$"""
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: { name: tenant, namespace: shop }
            spec: { selector: { matchLabels: { app: tenant } }, mtls: { mode: PERMISSIVE }, portLevelMtls: { {{strict}}: { mode: STRICT } } }
            ---
            {{Rule("tls: { mode: DISABLE }")}}
            """));

        Assert.Equal(isFound, found.Any(finding => finding.Code == "VCM0230"));
    }

    [Fact]
    public void What_names_nothing_is_found()
    {
        var found = Codes("""
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: lost, namespace: shop }
            spec: { host: nobody }
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: { name: tenant, namespace: shop }
            spec: { host: tenant, subsets: [{ name: v9, labels: { version: v9 } }] }
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: tenant, namespace: shop }
            spec:
              hosts: [tenant]
              gateways: [front]
              exportTo: [elsewhere]
              http: [{ route: [{ destination: { host: tenant, subset: v2 } }, { destination: { host: nobody } }] }]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: none, namespace: shop }
            spec: { selector: { matchLabels: { app: nobody } } }
            """);
        Assert.Equal(["VCM0210", "VCM0211", "VCM0212", "VCM0213", "VCM0214", "VCM0216", "VCM0218"], found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_mesh_in_order_has_no_findings() => Assert.Empty(Codes(""));

    [Fact]
    public void Codes_of_the_catalogue_are_unique() =>
        Assert.Equal(FindingCatalog.All.Count, FindingCatalog.All.Select(rule => rule.Code).Distinct().Count());

    // Kinds whose fields are read by rules only.
    [Theory]
    [InlineData("gateway.networking.k8s.io/v1", "HTTPRoute", "parentRefs: [{ name: edge, namespace: {} }]")]
    [InlineData("telemetry.istio.io/v1", "Telemetry", "accessLogging: true")]
    public void An_object_with_a_field_that_cannot_be_is_named(string version, string kind, string spec)
    {
        var error = Assert.Throws<MeshException>(() => Codes($"apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: odd, namespace: shop }}\nspec: {{ {spec} }}\n"));
        Assert.Equal("SnapshotObjectInvalid", error.Id);
        Assert.Contains($"{kind} shop/odd", error.Message, StringComparison.Ordinal);
    }

    private static string Rule(string policy) =>
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: tenant, namespace: shop }\nspec: { host: tenant, trafficPolicy: { " + policy + " } }\n";

    private static string[] Codes(string yaml) => MeshCheck.Run(MeshYaml.Read(Mesh, yaml)).Select(finding => finding.Code).ToArray();
}
