using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Findings;

/// <summary>
/// What does not fit ambient mode. What is expected follows from Kiali's checkers (business/checkers/ambient_policy_checker.go and
/// business/checkers/ambient), and from Istio where a test says so.
/// </summary>
public sealed class AmbientBranchTests
{
    private const string Ambient = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient WAYPOINT } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: web }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: stock, namespace: shop, labels: { SERVICE } }
        spec: { selector: { app: stock }, ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: stock-1, namespace: shop, labels: { app: stock }, annotations: { ambient.istio.io/redirection: enabled } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: old-1, namespace: shop, labels: { app: old, istio.io/dataplane-mode: none } }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: waypoint, namespace: shop }
        spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        ---

        """;

    private const string Get = "rules: [{ to: [{ operation: { methods: [GET] } }] }]";
    private const string Routes = "http: [{ route: [{ destination: { host: stock } }] }]";

    // ambient/ambient_workload_checker.go
    [Theory]
    [InlineData("dataplane: x", 1)]
    [InlineData("istio.io/dataplane-mode: none", 0)]
    public void A_sidecar_in_ambient_mode_is_found(string label, int count) => Assert.Equal(count, Count("VCM0351", Mesh(waypoint: false)
        + $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: side-1, namespace: shop, labels: {{ {label} }} }}\nspec: {{ containers: [{{ name: istio-proxy, image: p }}] }}\n"));

    [Theory]
    [InlineData("waypoint", 0)]
    [InlineData("none", 0)]
    [InlineData("missing", 1)]
    [InlineData("waypoint, istio.io/use-waypoint-namespace: other", 1)]
    public void A_waypoint_must_exist(string name, int count) =>
        Assert.Equal(count, Count("VCM0352", Ambient.Replace(" WAYPOINT", $", istio.io/use-waypoint: {name}", StringComparison.Ordinal).Replace("SERVICE", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", Get, true, true)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "rules: [{ from: [{ source: { namespaces: [shop] } }] }]", false, false)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "targetRefs: [{ kind: Service, name: stock }], " + Get, true, false)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }], " + Get, false, false)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "selector: { matchLabels: { app: old } }, " + Get, false, true)]
    [InlineData("RequestAuthentication", "security.istio.io/v1", "jwtRules: [{ issuer: a }]", true, true)]
    [InlineData("WasmPlugin", "extensions.istio.io/v1alpha1", "url: oci://a", true, true)]
    [InlineData("Telemetry", "telemetry.istio.io/v1", "tracing: [{ randomSamplingPercentage: 1 }], selector: { matchLabels: { app: stock } }", true, true)]
    [InlineData("Telemetry", "telemetry.istio.io/v1", "metrics: [{ providers: [{ name: prometheus }] }]", false, false)]
    public void Policies_about_requests_need_a_waypoint_and_name_it(string kind, string version, string spec, bool needsWaypoint, bool needsTarget)
    {
        var item = Istio(version, kind, "shop", spec);
        var (waypoint, target) = (needsWaypoint ? 1 : 0, needsTarget ? 1 : 0);
        Assert.Equal((waypoint, target), (Count("VCM0353", Mesh(waypoint: false) + item), Count("VCM0354", Mesh(waypoint: false) + item)));
        Assert.Equal((0, target), (Count("VCM0353", Mesh(waypoint: true) + item), Count("VCM0354", Mesh(waypoint: true) + item)));
    }

    // namespaceWideTelemetryConfig in pilot/pkg/model/telemetry.go of Istio
    [Fact]
    public void A_Telemetry_for_all_of_a_namespace_is_for_its_waypoints_too() =>
        Assert.Equal(0, Count("VCM0354", Mesh(waypoint: true) + Istio("telemetry.istio.io/v1", "Telemetry", "shop", "tracing: [{ randomSamplingPercentage: 1 }]")));

    [Theory]
    [InlineData("VirtualService", "hosts: [stock], " + Routes, 1)]
    [InlineData("VirtualService", "hosts: [a.example], gateways: [edge], " + Routes, 0)]
    [InlineData("VirtualService", "hosts: [stock], tcp: [{ route: [{ destination: { host: stock } }] }]", 0)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { outlierDetection: {} }", 1)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: x } } }", 1)]
    [InlineData("DestinationRule", "host: stock, subsets: [{ name: v1, labels: { app: stock }, trafficPolicy: { connectionPool: { http: { http2MaxRequests: 1 } } } }]", 1)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } }", 0)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { tls: { mode: DISABLE } }", 0)]
    public void Routes_and_limits_of_requests_need_a_waypoint(string kind, string spec, int count)
    {
        var item = Istio("networking.istio.io/v1", kind, "shop", spec);
        Assert.Equal(count, Count("VCM0353", Mesh(waypoint: false) + item));
        Assert.Equal(0, Count("VCM0353", Mesh(waypoint: true) + item));
        // What the service says comes before what its namespace says.
        Assert.Equal(count, Count("VCM0353", Mesh(waypoint: true, "istio.io/use-waypoint: none") + item));
        Assert.Equal(0, Count("VCM0353", Mesh(waypoint: false, "istio.io/use-waypoint: waypoint") + item));
    }

    // getVirtualServiceForWaypoint in pilot/pkg/networking/core/listener_waypoint.go of Istio
    [Theory]
    [InlineData("shop", "", 0)]
    [InlineData("web", "", 1)]
    [InlineData("web", "istio.io/use-waypoint: edge, istio.io/use-waypoint-namespace: web", 0)]
    public void A_waypoint_takes_routes_of_its_own_namespace_and_of_the_services(string owner, string labels, int count) => Assert.Equal(
        count, Count("VCM0355", Mesh(waypoint: true, labels) + Istio("networking.istio.io/v1", "VirtualService", owner, "hosts: [stock.shop.svc.cluster.local], " + Routes)));

    private static string Mesh(bool waypoint, string service = "") => Ambient
        .Replace(" WAYPOINT", waypoint ? ", istio.io/use-waypoint: waypoint" : "", StringComparison.Ordinal)
        .Replace("SERVICE", service, StringComparison.Ordinal);

    private static string Istio(string version, string kind, string owner, string spec) =>
        $"apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: p, namespace: {owner} }}\nspec: {{ {spec} }}\n---\n";

    private static int Count(string code, string yaml) =>
        MeshCheck.Run(MeshYaml.Read(yaml) with { IsComplete = true }).Count(finding => finding.Code == code);
}
