using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Findings;

/// <summary>
/// Findings that mean what a check of Kiali means (business/checkers). What is expected follows from the checker that each test names, or, where
/// Kiali says more than Istio does, from Istio.
/// </summary>
public sealed class KialiBranchTests
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio-injection: enabled } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: stock, namespace: shop }
        spec: { selector: { app: stock }, ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: stock-1, namespace: shop, labels: { app: stock, security.istio.io/tlsMode: istio } }
        spec: { containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: order-1, namespace: shop, labels: { app: order, security.istio.io/tlsMode: istio } }
        spec: { containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---

        """;

    private const string Ambient = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient WAYPOINT } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: stock-1, namespace: shop, labels: { app: stock }, annotations: { ambient.istio.io/redirection: enabled } }
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: { name: waypoint, namespace: shop }
        spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
        ---

        """;

    private const string NoAutoMtls = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio, namespace: istio-system }
        data: { mesh: "enableAutoMtls: false" }
        ---

        """;

    // destinationrules/multi_match_checker.go; of two subsets of one name Istio keeps that of the older rule.
    [Theory]
    [InlineData("v1", "v1", 1)]
    [InlineData("v1", "v2", 0)]
    public void A_subset_counts_once_for_a_host(string first, string second, int count) => Assert.Equal(count, Count("VCM0274", Shop
        + Rule("a", $"host: stock, subsets: [{{ name: {first}, labels: {{ app: stock }} }}]")
        + Rule("b", $"host: stock.shop.svc.cluster.local, subsets: [{{ name: {second}, labels: {{ app: stock }} }}]")));

    // serviceentries/multi_match_checker.go
    [Theory]
    [InlineData("TCP", "TCP", "", 2, 0)]
    [InlineData("HTTP", "TCP", "", 0, 2)]
    [InlineData("HTTP", "HTTP", "exportTo: ['.'], ", 0, 0)]
    public void One_host_and_port_in_two_ServiceEntries_is_found(string first, string second, string exportTo, int twice, int conflicts)
    {
        var text = Entry("a", "one", first) + Entry("b", "two", second);
        Assert.Equal((twice, conflicts), (Count("VCM0275", text), Count("VCM0263", text)));

        string Entry(string name, string owner, string protocol) =>
            $"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {{ name: {name}, namespace: {owner} }}\n"
            + $"spec: {{ {exportTo}hosts: [a.example], addresses: [10.0.0.1], ports: [{{ number: 80, name: p, protocol: {protocol} }}] }}\n---\n";
    }

    // sidecars/outbound_traffic_policy_mode.go; a mode that is written is no matter of doubt in YAML.
    [Theory]
    [InlineData("outboundTrafficPolicy: {}", 1)]
    [InlineData("outboundTrafficPolicy: { mode: REGISTRY_ONLY }", 0)]
    [InlineData("egress: [{ hosts: ['./*'] }]", 0)]
    public void A_policy_without_mode_is_found(string spec, int count) => Assert.Equal(count, Count("VCM0276", Istio("networking.istio.io/v1", "Sidecar", "default", spec)));

    // authorization/principals_checker.go: hasForeignTrustDomain
    [Theory]
    [InlineData("cluster.local/ns/shop/sa/default", 0)]
    [InlineData("other.example/ns/shop/sa/default", 1)]
    [InlineData("*/ns/shop/sa/default", 0)]
    public void An_identity_of_another_trust_domain_is_found(string principal, int count) =>
        Assert.Equal(count, Count("VCM0296", Shop + Policy($"rules: [{{ from: [{{ source: {{ principals: ['{principal}'] }} }}] }}]")));

    // authorization/no_host_checker.go: isHTTPHostHeaderMatcher
    [Theory]
    [InlineData("stock", 0)]
    [InlineData("stock:80", 0)]
    [InlineData("stack", 1)]
    [InlineData("stack.shop", 1)]
    [InlineData("stock.shop", 0)]
    [InlineData("stack.elsewhere", 0)]
    [InlineData("stack.shop.svc.cluster.local", 0)]
    [InlineData("*", 0)]
    [InlineData("routed", 0)]
    public void A_host_of_a_policy_must_be_one_that_is_asked_for(string host, int count) => Assert.Equal(count, Count("VCM0297", Shop
        + Istio("networking.istio.io/v1", "VirtualService", "r", "hosts: [routed], http: [{ route: [{ destination: { host: stock } }] }]")
        + Policy($"rules: [{{ to: [{{ operation: {{ hosts: ['{host}'] }} }}] }}]")));

    // workloads/uncovered_workload_checker.go, where a namespace has begun with access control
    [Theory]
    [InlineData("", 0)]
    [InlineData("selector: { matchLabels: { app: stock } }, rules: [{}]", 1)]
    [InlineData("rules: [{}]", 0)]
    public void A_workload_without_policy_is_found_beside_those_that_have_one(string policy, int count) =>
        Assert.Equal(count, Count("VCM0298", Shop + (policy.Length == 0 ? "" : Policy(policy))));

    // peerauthentications/mesh_mtls_checker.go and namespace_mtls_checker.go; destinationrules/traffic_policy_checker.go
    [Theory]
    [InlineData("", 1, 0)]
    [InlineData("host: '*.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }", 0, 0)]
    [InlineData("host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }", 0, 0)]
    [InlineData("host: '*.web.svc.cluster.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }", 1, 0)]
    [InlineData("host: stock, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }", 0, 0)]
    [InlineData("host: '*.local', trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }", 0, 1, "host: stock, trafficPolicy: { outlierDetection: { maxEjectionPercent: 100 } }")]
    public void Without_automatic_mTLS_STRICT_needs_rules_that_say_so(string rule, int strict, int overridden, string second = "")
    {
        var text = Shop + Istio("security.istio.io/v1", "PeerAuthentication", "default", "mtls: { mode: STRICT }")
            + (rule.Length == 0 ? "" : Rule("a", rule)) + (second.Length == 0 ? "" : Rule("b", second));
        Assert.Equal((strict, overridden), (Count("VCM0238", NoAutoMtls + text), Count("VCM0237", NoAutoMtls + text)));
        Assert.Equal((0, 0), (Count("VCM0238", text), Count("VCM0237", text)));
    }

    // k8shttproutes/no_k8sgateway_checker.go: IsGatewaySharedWithNS; a listener takes its own namespace by default.
    [Theory]
    [InlineData("edge", "", 0)]
    [InlineData("shop", "", 1)]
    [InlineData("shop", "allowedRoutes: { namespaces: { from: All } }", 0)]
    [InlineData("edge", "allowedRoutes: { namespaces: { from: None } }", 1)]
    [InlineData("shop", "allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { istio-injection: enabled } } } }", 0)]
    [InlineData("shop", "allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { istio-injection: disabled } } } }", 1)]
    public void A_listener_takes_routes_of_some_namespaces(string owner, string allowed, int count) => Assert.Equal(count, Count("VCM0273", Shop
        + $"apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{ name: edge, namespace: edge }}\nspec: {{ listeners: [{{ name: http, port: 80, protocol: HTTP, {allowed} }}] }}\n---\n"
        + $"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{ name: r, namespace: {owner} }}\nspec: {{ parentRefs: [{{ name: edge, namespace: edge }}] }}\n"));

    // ambient/ambient_workload_checker.go
    [Theory]
    [InlineData("dataplane: x", 1)]
    [InlineData("istio.io/dataplane-mode: none", 0)]
    public void A_sidecar_in_ambient_mode_is_found(string label, int count) => Assert.Equal(count, Count("VCM0351", Ambient.Replace(" WAYPOINT", "", StringComparison.Ordinal)
        + $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: old-1, namespace: shop, labels: {{ {label} }} }}\nspec: {{ containers: [{{ name: istio-proxy, image: p }}] }}\n"));

    [Theory]
    [InlineData("waypoint", 0)]
    [InlineData("none", 0)]
    [InlineData("missing", 1)]
    [InlineData("waypoint, istio.io/use-waypoint-namespace: other", 1)]
    public void A_waypoint_must_exist(string name, int count) =>
        Assert.Equal(count, Count("VCM0352", Ambient.Replace(" WAYPOINT", $", istio.io/use-waypoint: {name}", StringComparison.Ordinal)));

    // ambient/l7_classification.go and ambient_policy_checker.go
    [Theory]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "rules: [{ to: [{ operation: { methods: [GET] } }] }]", true)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "rules: [{ from: [{ source: { namespaces: [shop] } }] }]", false)]
    [InlineData("AuthorizationPolicy", "security.istio.io/v1", "targetRefs: [{ kind: Service, name: stock }], rules: [{ to: [{ operation: { methods: [GET] } }] }]", false)]
    [InlineData("RequestAuthentication", "security.istio.io/v1", "jwtRules: [{ issuer: a }]", true)]
    [InlineData("WasmPlugin", "extensions.istio.io/v1alpha1", "url: oci://a", true)]
    public void Policies_about_requests_need_a_waypoint_and_name_it(string kind, string version, string spec, bool isFound)
    {
        var item = Istio(version, kind, "p", spec);
        var (without, with) = (Ambient.Replace(" WAYPOINT", "", StringComparison.Ordinal) + item, Ambient.Replace(" WAYPOINT", ", istio.io/use-waypoint: waypoint", StringComparison.Ordinal) + item);
        var count = isFound ? 1 : 0;
        Assert.Equal((count, 0), (Count("VCM0353", without), Count("VCM0354", without)));
        Assert.Equal((0, count), (Count("VCM0353", with), Count("VCM0354", with)));
    }

    [Theory]
    [InlineData("VirtualService", "hosts: [stock], http: [{ route: [{ destination: { host: stock } }] }]", 1)]
    [InlineData("VirtualService", "hosts: [a.example], gateways: [edge], http: [{ route: [{ destination: { host: stock } }] }]", 0)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { outlierDetection: {} }", 1)]
    [InlineData("DestinationRule", "host: stock, trafficPolicy: { tls: { mode: DISABLE } }", 0)]
    public void Routes_and_limits_of_requests_need_a_waypoint(string kind, string spec, int count)
    {
        var item = Istio("networking.istio.io/v1", kind, "p", spec);
        Assert.Equal(count, Count("VCM0353", Ambient.Replace(" WAYPOINT", "", StringComparison.Ordinal) + item));
        Assert.Equal(0, Count("VCM0353", Ambient.Replace(" WAYPOINT", ", istio.io/use-waypoint: waypoint", StringComparison.Ordinal) + item));
    }

    // A namespace of gateways whose pods ask for their proxies says enough.
    [Theory]
    [InlineData("sidecar.istio.io/inject: 'true'", 0)]
    [InlineData("app: a", 1)]
    public void A_namespace_without_label_is_in_order_where_its_pods_ask_for_proxies(string label, int count) => Assert.Equal(count, Count("VCM0242",
        $"apiVersion: v1\nkind: Namespace\nmetadata: {{ name: edge }}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{ name: edge-1, namespace: edge, labels: {{ {label} }} }}\n"));

    private static string Rule(string name, string spec) => Istio("networking.istio.io/v1", "DestinationRule", name, spec);

    private static string Policy(string spec) => Istio("security.istio.io/v1", "AuthorizationPolicy", "p", spec);

    private static string Istio(string version, string kind, string name, string spec) =>
        $"apiVersion: {version}\nkind: {kind}\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ {spec} }}\n---\n";

    private static int Count(string code, string yaml) =>
        MeshCheck.Run(MeshYaml.Read(yaml) with { IsComplete = true }).Count(finding => finding.Code == code);
}
