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

    private const string NoAutoMtls = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio, namespace: istio-system }
        data: { mesh: "enableAutoMtls: false" }
        ---

        """;

    // destinationrules/multi_match_checker.go; of two subsets of one name Istio keeps that of the older rule.
    [Theory]
    [InlineData("v1", "v1", 2)]
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

    // authorization/principals_checker.go; of two stars Istio takes the first as one only (pilot/pkg/security/authz/matcher/string.go).
    [Theory]
    [InlineData("cluster.local/ns/shop/sa/default", 0)]
    [InlineData("cluster.local/ns/shop/sa/nobody", 1)]
    [InlineData("*", 0)]
    [InlineData("*/ns/shop/sa/default", 0)]
    [InlineData("*/ns/shop/sa/nobody", 1)]
    [InlineData("cluster.local/ns/shop/*", 0)]
    [InlineData("cluster.local/ns/ship/*", 1)]
    [InlineData("other.example/ns/shop/*", 0)]
    [InlineData("*local/ns/shop/sa/default*", 1)]
    [InlineData("just-a-name", 1)]
    public void A_principal_must_be_one_that_some_pod_has(string principal, int count) =>
        Assert.Equal(count, Count("VCM0284", Shop + Policy($"rules: [{{ from: [{{ source: {{ principals: ['{principal}'] }} }}] }}]")));

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

    // destinationrules/traffic_policy_checker.go; a rule hides another only from callers that would have used it (pilot/pkg/model/push_context.go).
    [Theory]
    [InlineData("istio-system", "'*.local'", "stock", 1)]
    [InlineData("shop", "'*.shop.svc.cluster.local'", "stock.shop.svc.cluster.local", 1)]
    [InlineData("istio-system", "'*.local'", "'*.shop.svc.cluster.local'", 1)]
    [InlineData("web", "'*.shop.svc.cluster.local'", "stock", 0)]
    [InlineData("istio-system", "'*.local'", "a.example", 0)]
    public void A_rule_hides_the_mTLS_of_a_pattern_from_callers_that_see_both(string owner, string wide, string host, int count) => Assert.Equal(count, Count("VCM0237", NoAutoMtls
        + $"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{ name: wide, namespace: {owner} }}\nspec: {{ host: {wide}, trafficPolicy: {{ tls: {{ mode: ISTIO_MUTUAL }} }} }}\n---\n"
        + Rule("narrow", $"host: {host}")));

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

    // k8shttproutes/no_host_checker.go: checkReferenceGrant; a grant may be for one service only (ReferenceGrant of the Gateway API).
    [Theory]
    [InlineData("", 1)]
    [InlineData("from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web }], to: [{ group: '', kind: Service }]", 0)]
    [InlineData("from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web }], to: [{ group: '', kind: Service, name: stock }]", 0)]
    [InlineData("from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web }], to: [{ group: '', kind: Service, name: other }]", 1)]
    [InlineData("from: [{ group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: web }], to: [{ group: '', kind: Service }]", 1)]
    [InlineData("from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other }], to: [{ group: '', kind: Service }]", 1)]
    public void A_backend_of_another_namespace_must_be_granted(string grant, int count) => Assert.Equal(count, Count("VCM0277", Shop
        + "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: web }\nspec: { parentRefs: [{ name: edge }], rules: [{ backendRefs: [{ name: stock, namespace: shop, port: 80 }] }] }\n---\n"
        + (grant.Length == 0 ? "" : Istio("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "g", grant))));

    // enforceRefGrant in pilot/pkg/config/kube/gateway/conversion.go of Istio
    [Theory]
    [InlineData("shop", "name: edge")]
    [InlineData("web", "group: '', kind: Service, name: stock, namespace: shop")]
    public void Backends_of_the_routes_own_namespace_and_routes_of_the_mesh_need_no_grant(string owner, string parent) => Assert.Equal(0, Count("VCM0277", Shop
        + $"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{ name: r, namespace: {owner} }}\nspec: {{ parentRefs: [{{ {parent} }}], rules: [{{ backendRefs: [{{ name: stock, namespace: shop, port: 80 }}] }}] }}\n"));

    // k8sreferencegrants/namespace_checker.go
    [Theory]
    [InlineData("shop", 0)]
    [InlineData("nowhere", 1)]
    public void A_grant_is_for_a_namespace_that_exists(string name, int count) => Assert.Equal(count, Count("VCM0278", Shop
        + Istio("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "g", $"from: [{{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: {name} }}], to: [{{ kind: Service }}]")));

    // services/port_mapping_checker.go, of names; FindPort in k8s.io/kubernetes/pkg/api/v1/pod/util.go
    [Theory]
    [InlineData("web", 0)]
    [InlineData("www", 1)]
    [InlineData("8080", 0)]
    public void A_named_target_port_must_be_one_of_a_container(string target, int count) => Assert.Equal(count, Count("VCM0316",
        $"apiVersion: v1\nkind: Service\nmetadata: {{ name: a, namespace: shop }}\nspec: {{ selector: {{ app: a }}, ports: [{{ name: http, port: 80, targetPort: {target} }}] }}\n---\n"
        + "apiVersion: v1\nkind: Pod\nmetadata: { name: a-1, namespace: shop, labels: { app: a } }\nspec: { containers: [{ name: app, image: a, ports: [{ name: web, containerPort: 80 }] }] }\n"));

    // sidecars/egress_listener_checker.go; a pattern lets through the hosts that it is for.
    [Theory]
    [InlineData("./*.shop.svc.cluster.local", 0)]
    [InlineData("./*.ship.svc.cluster.local", 1)]
    [InlineData("*/*.example", 1)]
    [InlineData("./*", 0)]
    public void A_pattern_of_hosts_must_be_for_some(string host, int count) =>
        Assert.Equal(count, Count("VCM0268", Shop + Istio("networking.istio.io/v1", "Sidecar", "default", $"egress: [{{ hosts: ['{host}'] }}]")));

    // destinationrules/no_dest_checker.go: isSubsetReferenced
    [Theory]
    [InlineData("v2", "Error")]
    [InlineData("v1", "Info")]
    public void A_subset_without_pods_matters_where_a_route_leads_to_it(string routed, string severity)
    {
        var mesh = MeshYaml.Read(Shop + Rule("a", "host: stock, subsets: [{ name: v1, labels: { app: stock } }, { name: v2, labels: { v: '2' } }]")
            + Istio("networking.istio.io/v1", "VirtualService", "r", $"hosts: [stock], http: [{{ route: [{{ destination: {{ host: stock, subset: {routed} }} }}] }}]"));
        Assert.Equal(severity, Assert.Single(MeshCheck.Run(mesh with { IsComplete = true }), finding => finding.Code == "VCM0211").Severity.ToString());
    }

    // gateways/multi_match_checker.go: names of hosts are the same in capitals
    [Fact]
    public void Gateways_conflict_whatever_the_case_of_their_hosts()
    {
        var text = Gateway("a", "shop.example") + Gateway("b", "Shop.Example");
        Assert.Equal(2, Count("VCM0260", Shop + text));

        string Gateway(string name, string host) =>
            Istio("networking.istio.io/v1", "Gateway", name, $"selector: {{ app: stock }}, servers: [{{ port: {{ number: 80, name: http, protocol: HTTP }}, hosts: ['{host}'] }}]");
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
