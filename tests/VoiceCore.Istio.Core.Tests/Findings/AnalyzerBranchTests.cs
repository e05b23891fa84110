using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Findings;

/// <summary>
/// Branches of Istio's analyzers (pkg/config/analysis/analyzers) that its own test cases do not have. What is expected follows from the source
/// of the analyzer that each test names.
/// </summary>
public sealed class AnalyzerBranchTests
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio-injection: enabled } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: web, labels: { istio-injection: enabled } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: stock, namespace: shop, annotations: { networking.istio.io/exportTo: EXPORT } }
        spec: { selector: { app: stock }, ports: [{ name: http, port: 80 }] }
        ---

        """;

    private const string Gateway = """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: NAME, namespace: edge }
        spec: { selector: { SELECTOR }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [HOST] }] }
        ---

        """;

    // GetDestinationHost in analyzers/util/service_lookup.go: with exportTo, what the named namespaces see counts.
    [Theory]
    [InlineData("'.'", "[web]", true)]
    [InlineData("'.'", "['.']", false)]
    [InlineData("'.'", "[web, '.']", false)]
    [InlineData("web", "[web]", false)]
    [InlineData("web", "[]", true)]
    [InlineData("'*'", "[web]", false)]
    [InlineData("'.'", "['*']", true)]
    [InlineData("'*'", "['*']", false)]
    public void A_host_is_looked_up_as_those_see_it_for_whom_the_route_is(string serviceExport, string routeExport, bool isFound)
    {
        var route = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: stock, namespace: shop }\n"
            + $"spec: {{ hosts: [stock], exportTo: {routeExport}, http: [{{ route: [{{ destination: {{ host: stock }} }}] }}] }}\n";
        Assert.Equal(isFound, Codes(Shop.Replace("EXPORT", serviceExport, StringComparison.Ordinal) + route).Contains("VCM0212"));
    }

    // Patterns of hosts are looked up for the object's own namespace.
    [Theory]
    [InlineData("a.example", "['*']", true)]
    [InlineData("'*.example'", "['*']", false)]
    [InlineData("'*.example'", "[web]", false)]
    public void A_pattern_of_hosts_is_looked_up_for_the_own_namespace(string host, string ruleExport, bool isFound) => Assert.Equal(isFound, Codes(
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: shop }\n"
        + $"spec: {{ hosts: [{host}], exportTo: ['.'], ports: [{{ number: 80, name: http, protocol: HTTP }}] }}\n---\n"
        + $"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{ name: a, namespace: shop }}\nspec: {{ host: a.example, exportTo: {ruleExport} }}\n").Contains("VCM0210"));

    // conflictinggateway.go compares Gateways with equal selectors whether or not there are pods.
    [Theory]
    [InlineData("istio: edge", "istio: edge", "a.example", "a.example", "", 2)]
    [InlineData("istio: edge", "istio: edge", "a.example", "b.example", "", 0)]
    [InlineData("istio: edge", "app: edge", "a.example", "a.example", "istio: edge, app: edge", 2)]
    [InlineData("istio: edge, app: edge", "istio: edge", "a.example", "a.example", "istio: edge, app: edge", 2)]
    [InlineData("istio: edge", "app: edge", "a.example", "a.example", "istio: edge", 0)]
    public void Gateways_are_in_conflict_where_they_are_for_the_same_pods(string first, string second, string firstHost, string secondHost, string labels, int count)
    {
        var pod = labels.Length == 0 ? "" : $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: edge-1, namespace: edge, labels: {{ {labels} }} }}\n---\n";
        var text = pod + One("a", first, firstHost) + One("b", second, secondHost);
        Assert.Equal(count, Codes(text).Count(code => code == "VCM0260"));

        static string One(string name, string selector, string host) => Gateway
            .Replace("NAME", name, StringComparison.Ordinal).Replace("SELECTOR", selector, StringComparison.Ordinal).Replace("HOST", host, StringComparison.Ordinal);
    }

    // A ServiceEntry's endpoints carry the labels of its subsets (no_dest_checker.go of Kiali). What DNS finds has none, so that no subset with
    // labels has it; without resolution requests go where their callers send them, subset or not.
    [Theory]
    [InlineData("resolution: STATIC, endpoints: [{ address: 10.0.0.1, labels: { version: v1 } }]", false)]
    [InlineData("resolution: STATIC, endpoints: [{ address: 10.0.0.1, labels: { version: v2 } }]", true)]
    [InlineData("resolution: STATIC, workloadSelector: { labels: { app: legacy } }", false)]
    [InlineData("resolution: STATIC, workloadSelector: { labels: { app: other } }", true)]
    [InlineData("resolution: DNS", true)]
    [InlineData("resolution: DNS_ROUND_ROBIN", true)]
    [InlineData("resolution: NONE", false)]
    public void Subsets_of_a_ServiceEntry_need_endpoints_with_their_labels(string endpoints, bool isFound)
    {
        var text = "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: legacy, namespace: shop }\n"
            + $"spec: {{ hosts: [legacy.example], ports: [{{ number: 80, name: http, protocol: HTTP }}], {endpoints} }}\n---\n"
            + "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: { name: old, namespace: shop }\nspec: { address: 10.0.0.2, labels: { app: legacy, version: v1 } }\n---\n"
            + "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: legacy, namespace: shop }\n"
            + "spec: { host: legacy.example, subsets: [{ name: v1, labels: { version: v1 } }] }\n";
        Assert.Equal(isFound, Codes(text).Contains("VCM0211"));
    }

    // EffectiveProxyConfigResolver in analyzers/util/proxyconfig.go reads the pod's own proxy config.
    [Theory]
    [InlineData("proxy.istio.io/config: 'image: { imageType: debug }'", "-debug", false)]
    [InlineData("proxy.istio.io/config: 'image: { imageType: debug }'", "-distroless", true)]
    [InlineData("proxy.istio.io/config: 'image: { imageType: default }'", "-default", true)]
    [InlineData("proxy.istio.io/config: 'concurrency: 2'", "-debug", true)]
    [InlineData("proxy.istio.io/config: ': no yaml'", "", false)]
    public void A_pod_chooses_the_variant_of_its_proxy(string annotation, string variant, bool isFound)
    {
        var text = "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n---\n"
            + "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio-sidecar-injector, namespace: istio-system }\n"
            + "data: { values: '{\"global\":{\"hub\":\"hub\",\"tag\":\"1\",\"proxy\":{\"image\":\"proxyv2\"}}}' }\n---\n"
            + $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: a, namespace: shop, annotations: {{ {annotation} }} }}\n"
            + $"spec: {{ containers: [{{ name: istio-proxy, image: 'hub/proxyv2:1{variant}' }}] }}\n";
        Assert.Equal(isFound, Codes(text).Contains("VCM0310"));
    }

    // authorizationpolicies.go: in the root namespace only a policy without selector is for everything; an empty one needs a pod as well.
    [Theory]
    [InlineData("", false)]
    [InlineData("selector: {}, ", true)]
    public void A_policy_of_the_mesh_with_an_empty_selector_needs_a_pod(string selector, bool isFound) => Assert.Equal(isFound, Codes(
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: all, namespace: istio-system }\n" + $"spec: {{ {selector}rules: [{{}}] }}\n").Contains("VCM0216"));

    // crdversion.go: a candidate counts as its release, and a definition that does not say its release is passed over.
    [Theory]
    [InlineData("tcproutes", "v1.5.1", true)]
    [InlineData("tcproutes", "v1.6.0-rc.1", false)]
    [InlineData("tcproutes", "v1.6.0", false)]
    [InlineData("grpcroutes", "v1.0.0", true)]
    [InlineData("grpcroutes", "v1", true)]
    [InlineData("backendtlspolicies", "v1.4", false)]
    [InlineData("backendtlspolicies", "v1.3", true)]
    [InlineData("grpcroutes", "v1.0.0.0", false)]
    [InlineData("httproutes", "v0.8.0", false)]
    [InlineData("tcproutes", "", false)]
    [InlineData("tcproutes", "newest", false)]
    public void Definitions_of_the_Gateway_API_may_be_too_old(string kind, string release, bool isFound) => Assert.Equal(isFound, Codes(
        $"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{ name: {kind}.gateway.networking.k8s.io, annotations: {{ gateway.networking.k8s.io/bundle-version: '{release}' }} }}\n").Contains("VCM0345"));

    // deprecation.go
    [Theory]
    [InlineData("serviceroles.rbac.istio.io", true)]
    [InlineData("others.rbac.istio.io", false)]
    public void Definitions_that_Istio_dropped_are_found(string name, bool isFound) => Assert.Equal(isFound, Codes(
        $"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{ name: {name} }}\n").Contains("VCM0346"));

    // destinationhosts.go has the meaning; that a VirtualService of the same gateway counts there is how Istio merges them.
    [Theory]
    [InlineData("", true)]
    [InlineData("gateways: [other], ", true)]
    [InlineData("gateways: [edge, mesh], ", false)]
    public void Subsets_of_another_VirtualService_do_not_count_at_a_gateway(string gateways, bool isFound)
    {
        var text = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: outer, namespace: shop }\n"
            + "spec: { hosts: [a.example], gateways: [edge], http: [{ route: [{ destination: { host: stock } }] }] }\n---\n"
            + "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: inner, namespace: shop }\n"
            + $"spec: {{ hosts: [stock], {gateways}http: [{{ route: [{{ destination: {{ host: stock, subset: v1 }} }}] }}] }}\n";
        Assert.Equal(isFound, Codes(text).Contains("VCM0253"));
    }

    [Fact]
    public void Subsets_of_its_own_are_no_reason_to_warn_of_a_route() => Assert.DoesNotContain("VCM0253", Codes(
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: outer, namespace: shop }\n"
        + "spec: { hosts: [stock], gateways: [edge], http: [{ match: [{ uri: { prefix: /v1 } }], route: [{ destination: { host: stock, subset: v1 } }] }, { route: [{ destination: { host: stock } }] }] }\n"));

    // k8s.go looks at every pod; those of one owner are one finding.
    [Fact]
    public void An_annotation_of_pods_with_one_owner_is_found_once()
    {
        static string Pod(string name, string owner) => $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: {name}, namespace: shop, annotations: {{ sidecar.istio.io/proxyCPU: lots, sidecar.istio.io/status: '{{}}' }}, "
            + $"ownerReferences: [{{ kind: ReplicaSet, name: {owner}, controller: true }}] }}\n---\n";
        Assert.Equal(
            ["Pod shop/a-1", "Pod shop/b-1"],
            Check(Pod("a-1", "a") + Pod("a-2", "a") + Pod("b-1", "b")).Where(finding => finding.Code == "VCM0314").Select(finding => finding.Subject));
    }

    // validate.go in pkg/kube/inject: what the injector takes and what it refuses.
    [Theory]
    [InlineData("sidecar.istio.io/proxyCPU", "100m", false)]
    [InlineData("sidecar.istio.io/proxyCPU", ".5", false)]
    [InlineData("sidecar.istio.io/proxyCPU", "1.", false)]
    [InlineData("sidecar.istio.io/proxyCPU", "+0.12345", false)]
    [InlineData("sidecar.istio.io/proxyCPULimit", "1500000n", false)]
    [InlineData("sidecar.istio.io/proxyMemory", "128e6", false)]
    [InlineData("sidecar.istio.io/proxyMemory", "1E-3", false)]
    [InlineData("sidecar.istio.io/proxyMemoryLimit", "1Pi", false)]
    [InlineData("sidecar.istio.io/proxyMemoryLimit", "1E", false)]
    [InlineData("sidecar.istio.io/proxyMemory", "1K", true)]
    [InlineData("sidecar.istio.io/proxyMemory", "1mi", true)]
    [InlineData("sidecar.istio.io/proxyMemory", "128 Mi", true)]
    [InlineData("sidecar.istio.io/proxyMemory", "1e", true)]
    [InlineData("sidecar.istio.io/proxyMemory", "Mi", true)]
    [InlineData("sidecar.istio.io/proxyMemory", "", true)]
    [InlineData("traffic.sidecar.istio.io/excludeInterfaces", "", false)]
    [InlineData("traffic.sidecar.istio.io/excludeInterfaces", "eth0, net-1.2_a", false)]
    [InlineData("traffic.sidecar.istio.io/excludeInterfaces", "eth0,", true)]
    [InlineData("traffic.sidecar.istio.io/kubevirtInterfaces", "0eth", true)]
    [InlineData("istio.io/reroute-virtual-interfaces", "abcdefghijklmno", false)]
    [InlineData("istio.io/reroute-virtual-interfaces", "abcdefghijklmnop", true)]
    [InlineData("traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/8,2001:db8::/32", false)]
    [InlineData("traffic.sidecar.istio.io/includeOutboundIPRanges", "10.1/16", true)]
    [InlineData("traffic.sidecar.istio.io/includeOutboundIPRanges", "10.0.0.0/08", true)]
    [InlineData("traffic.sidecar.istio.io/excludeOutboundIPRanges", "010.0.0.0/8", true)]
    [InlineData("traffic.sidecar.istio.io/excludeOutboundIPRanges", "10.0.0.0/33", true)]
    [InlineData("traffic.sidecar.istio.io/excludeOutboundIPRanges", "fe80::1%1/64", true)]
    [InlineData("traffic.sidecar.istio.io/excludeOutboundIPRanges", "[::1]/128", true)]
    [InlineData("proxy.istio.io/config", "concurrency: 2", false)]
    [InlineData("proxy.istio.io/config", "", false)]
    [InlineData("proxy.istio.io/config", "concurrency", true)]
    [InlineData("proxy.istio.io/config", "[concurrency]", true)]
    [InlineData("proxy.istio.io/config", "{ concurrency", true)]
    [InlineData("proxy.istio.io/config", "image: debug", true)]
    public void An_annotation_is_found_where_the_injector_refuses_it(string name, string value, bool isFound) => Assert.Equal(isFound, Codes(
        $"apiVersion: v1\nkind: Pod\nmetadata: {{ name: a, namespace: shop, annotations: {{ {name}: '{value}' }} }}\n").Contains("VCM0314"));

    // externalcontrolplane.go; Kubernetes itself takes https addresses only.
    [Theory]
    [InlineData("https://istiod.example/inject", null)]
    [InlineData("https://10.0.0.1:15017/inject", "VCM0343")]
    [InlineData("https://[2001:db8::1]/inject", "VCM0343")]
    [InlineData("10.0.0.1:15017", "VCM0342")]
    [InlineData("http://istiod.example/inject", "VCM0342")]
    [InlineData("https://", "VCM0342")]
    public void Addresses_of_webhooks_must_be_usable(string url, string? code)
    {
        var codes = Codes($"apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {{ name: istio-sidecar-injector-x }}\nwebhooks: [{{ name: a.istio.io, clientConfig: {{ url: '{url}' }} }}]\n");
        Assert.Equal(code is null ? [] : [code], codes.Where(found => found is "VCM0342" or "VCM0343"));
    }

    // filterMessages in pkg/config/analysis/local/istiod_analyze.go; codes of istioctl, ours and all.
    [Theory]
    [InlineData("IST0174", true)]
    [InlineData("IST0101,IST0174", true)]
    [InlineData("VCM0210", true)]
    [InlineData("*", true)]
    [InlineData("IST0101", false)]
    [InlineData("", false)]
    public void An_object_says_itself_which_findings_do_not_count_for_it(string codes, bool isSuppressed)
    {
        var findings = Check(string.Concat(new[] { $"lost, namespace: shop, annotations: {{ galley.istio.io/analyze-suppress: '{codes}' }}", "other, namespace: shop" }.Select(metadata =>
            $"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{ name: {metadata} }}\nspec: {{ host: nobody }}\n---\n")));
        Assert.Equal(
            [("DestinationRule shop/lost", isSuppressed), ("DestinationRule shop/other", false)],
            findings.Where(finding => finding.Code == "VCM0210").Select(finding => (finding.Subject!, finding.Suppression is not null)));
    }

    private static IEnumerable<string> Codes(string yaml) => Check(yaml).Select(finding => finding.Code);

    private static IReadOnlyList<Finding> Check(string yaml) => MeshCheck.Run(MeshYaml.Read(yaml) with { IsComplete = true });
}
