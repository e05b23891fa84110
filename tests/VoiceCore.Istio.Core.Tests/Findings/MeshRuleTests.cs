using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Findings;

/// <summary>One configuration for each rule that finds it, and what must not be found in what is in order.</summary>
public sealed class MeshRuleTests
{
    private const string Shop = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop, labels: { istio-injection: enabled } }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: front, namespace: shop }
        spec: { selector: { app: front }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: order, namespace: shop }
        spec: { selector: { app: order }, ports: [{ name: http, port: 80, targetPort: 8080 }, { name: http-admin, port: 81, targetPort: 8081 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: stock, namespace: shop }
        spec: { selector: { app: stock }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: front-1, namespace: shop, labels: { app: front, security.istio.io/tlsMode: istio } }
        spec: { serviceAccountName: front, containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: order-1, namespace: shop, labels: { app: order, security.istio.io/tlsMode: istio } }
        spec: { serviceAccountName: order, containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: stock-1, namespace: shop, labels: { app: stock, security.istio.io/tlsMode: istio } }
        spec: { serviceAccountName: stock, containers: [{ name: app, image: a }, { name: istio-proxy, image: p }] }
        ---

        """;

    private const string Chain = """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: order, namespace: shop }
        spec: { selector: { matchLabels: { app: order } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/front] } }] }] }
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: stock, namespace: shop }
        spec: { selector: { matchLabels: { app: stock } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/order] } }] }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: order, namespace: shop }
        spec: { hosts: [order], http: [{ route: [{ destination: { host: order, port: { number: 80 } } }], retries: { attempts: 3 } }] }
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: { name: stock, namespace: shop }
        spec: { hosts: [stock], http: [{ route: [{ destination: { host: stock } }], retries: { attempts: ATTEMPTS } }] }

        """;

    private static string Rule(string name, string host, string rest) =>
        $"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{ name: {name}, namespace: shop }}\nspec: {{ host: {host}, {rest} }}\n---\n";

    [Fact]
    public void A_mesh_in_order_has_no_findings() => Assert.Empty(Check(Shop));

    // 4 tries of 'order' for each request, each of them 3 tries of 'stock': 12 requests.
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(0, false)]
    public void Retries_multiply_along_the_calls_that_policies_name(int attempts, bool isFound)
    {
        var found = Check(Shop + Chain.Replace("ATTEMPTS", $"{attempts}", StringComparison.Ordinal)).Where(finding => finding.Code == "VCM0202").ToArray();
        Assert.Equal(isFound ? ["Service shop/stock"] : [], found.Select(finding => finding.Subject));
        if (isFound)
            Assert.Contains("may become 12 requests", found[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_without_sidecar_before_STRICT_is_found_where_a_policy_names_it()
    {
        const string Plain = """
            apiVersion: v1
            kind: Pod
            metadata: { name: job-1, namespace: tools, labels: { app: job } }
            spec: { serviceAccountName: job, containers: [{ name: app, image: a }] }
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: { name: default, namespace: shop }
            spec: { mtls: { mode: STRICT } }
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: stock, namespace: shop }
            spec: { selector: { matchLabels: { app: stock } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/tools/sa/job] } }] }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: stock-a, namespace: shop, labels: { kubernetes.io/service-name: stock } }
            addressType: IPv4
            ports: [{ name: http, port: 8080 }]
            endpoints: [{ addresses: [10.0.0.1], targetRef: { kind: Pod, name: stock-1 } }]
            """;
        Assert.Equal("Service shop/stock", Assert.Single(Check(Shop + Plain), finding => finding.Code == "VCM0235").Subject);
    }

    [Theory]
    [InlineData("outlierDetection: { consecutive5xxErrors: 0, maxEjectionPercent: 100 }", true)]
    [InlineData("outlierDetection: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 3, maxEjectionPercent: 100 }", false)]
    [InlineData("outlierDetection: { consecutive5xxErrors: 0, splitExternalLocalOriginErrors: true, maxEjectionPercent: 100 }", false)]
    [InlineData("outlierDetection: { maxEjectionPercent: 100 }", false)]
    public void Outlier_detection_without_triggers_is_found(string policy, bool isFound) =>
        Assert.Equal(isFound, Codes(Shop + Rule("stock", "stock", $"trafficPolicy: {{ {policy} }}")).Contains("VCM0207"));

    [Fact]
    public void A_rule_that_every_client_passes_over_is_found()
    {
        const string Elsewhere = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: lost, namespace: other }\nspec: { host: stock.shop.svc.cluster.local }\n---\n";
        Assert.Equal(["DestinationRule other/lost"], Check(Shop + Elsewhere).Where(finding => finding.Code == "VCM0208").Select(finding => finding.Subject));
    }

    [Fact]
    public void The_policy_of_a_newer_rule_for_the_same_host_has_no_effect()
    {
        var rules = Rule("a", "stock", "trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }") + Rule("b", "stock", "trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }");
        Assert.Equal(["DestinationRule shop/b"], Check(Shop + rules).Where(finding => finding.Code == "VCM0209").Select(finding => finding.Subject));
    }

    [Theory]
    [InlineData("{ host: order }", "VCM0251")]
    [InlineData("{ host: order, port: { number: 80 } }", null)]
    [InlineData("{ host: order, port: { number: 82 } }", "VCM0252")]
    [InlineData("{ host: stock }", null)]
    public void A_destination_has_one_port_or_names_one(string destination, string? code) =>
        Assert.Equal(code is null ? [] : [code], Codes(Shop + Route($"route: [{{ destination: {destination} }}]")));

    [Theory]
    [InlineData("match: [{ uri: { prefix: / } }], route: [{ destination: { host: stock } }] }, { match: [{ uri: { prefix: /a } }], route: [{ destination: { host: stock } }]", "VCM0257")]
    [InlineData("route: [{ destination: { host: stock } }] }, { match: [{ uri: { prefix: /a } }], route: [{ destination: { host: stock } }]", "VCM0256")]
    [InlineData("match: [{ uri: { prefix: /a } }], route: [{ destination: { host: stock } }] }, { route: [{ destination: { host: stock } }]", null)]
    [InlineData("route: [{ destination: { host: stock }, weight: 50 }]", "VCM0265")]
    [InlineData("route: [{ destination: { host: stock }, weight: 50 }, { destination: { host: stock }, weight: 50 }]", "VCM0266")]
    [InlineData("fault: { delay: { percent: 5, fixedDelay: 1s } }, route: [{ destination: { host: stock } }]", "VCM0264")]
    public void Routes_that_read_otherwise_than_they_work_are_found(string route, string? code) =>
        Assert.Equal(code is null ? [] : [code], Codes(Shop + Route(route)));

    [Theory]
    [InlineData("action: DENY", "VCM0294")]
    [InlineData("action: ALLOW", null)]
    [InlineData("rules: [{ to: [{ operation: { methods: [get] } }] }]", "VCM0282")]
    [InlineData("rules: [{ to: [{ operation: { methods: [GET, P*] } }] }]", null)]
    [InlineData("rules: [{ from: [{ source: { namespaces: [nowhere] } }] }]", "VCM0281")]
    [InlineData("rules: [{ from: [{ source: { namespaces: [sho*] } }] }]", null)]
    [InlineData("rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/nobody] } }] }]", "VCM0284")]
    [InlineData("rules: [{ from: [{ source: { principals: [other.domain/ns/shop/sa/nobody] } }] }]", "VCM0296")]
    public void Policies_that_name_what_does_not_exist_are_found(string spec, string? code) =>
        Assert.Equal(code is null ? [] : [code], Codes($"{Shop}apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {{ name: p, namespace: shop }}\nspec: {{ {spec} }}\n"));

    // istiod grants 24h here and the proxies ask for 720h.
    [Fact]
    public void Certificates_that_istiod_refuses_are_found_in_its_settings()
    {
        const string Istiod = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: istiod, namespace: istio-system, labels: { app: istiod, istio: pilot } }
            spec: { template: { metadata: { labels: { app: istiod } }, spec: { containers: [{ name: discovery, image: a, env: [{ name: MAX_WORKLOAD_CERT_TTL, value: 24h }] }] } } }
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: istio, namespace: istio-system }
            data: { mesh: 'defaultConfig: { proxyMetadata: { SECRET_TTL: 720h } }' }
            """;
        var finding = Assert.Single(Check(Shop + Istiod));
        Assert.Equal(("VCM0161", FindingSeverity.Error), (finding.Code, finding.Severity));
        Assert.Contains("istio-system/istiod", finding.Subject, StringComparison.Ordinal);
    }

    // A repository of one application holds neither the gateway nor the services of others.
    [Fact]
    public void What_files_cannot_tell_is_no_more_than_information()
    {
        const string Part = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: stock, namespace: shop }
            spec:
              hosts: [stock.example.com]
              gateways: [istio-system/public]
              http: [{ route: [{ destination: { host: stock, subset: v2 } }, { destination: { host: bank.payments.svc.cluster.local } }] }]
            """;
        var findings = Check(Part);
        Assert.Equal(["VCM0212", "VCM0212", "VCM0213", "VCM0214"], findings.Select(finding => finding.Code));
        Assert.All(findings, finding => Assert.Equal(FindingSeverity.Info, finding.Severity));
        Assert.All(MeshCheck.Run(MeshYaml.Read(Part) with { IsComplete = true }), finding => Assert.Equal(FindingSeverity.Error, finding.Severity));
    }

    [Fact]
    public void A_gateway_of_the_gateway_api_is_a_gateway()
    {
        const string Gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: front, namespace: shop }\nspec: { listeners: [{ name: a, port: 80, hostname: HOST }] }\n---\n";
        var routed = Shop + Route("route: [{ destination: { host: stock } }]").Replace("hosts: [stock]", "hosts: [stock.example.com], gateways: [front]", StringComparison.Ordinal) + "---\n";
        Assert.Empty(Codes(routed + Gateway.Replace("HOST", "'*.example.com'", StringComparison.Ordinal)));
        Assert.Equal(["VCM0254"], Codes(routed + Gateway.Replace("HOST", "example.org", StringComparison.Ordinal)));
    }

    // In files, Deployments stand for the pods that they will make.
    [Fact]
    public void Selectors_select_what_deployments_will_make()
    {
        const string Files = """
            apiVersion: v1
            kind: Namespace
            metadata: { name: shop, labels: { istio-injection: enabled } }
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: stock, namespace: shop }
            spec: { template: { metadata: { labels: { app: stock } }, spec: { containers: [{ name: app, image: a }] } } }
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: stock, namespace: shop }
            spec: { selector: { matchLabels: { app: NAME } } }
            """;
        Assert.Empty(Codes(Files.Replace("NAME", "stock", StringComparison.Ordinal)));
        Assert.Equal(["VCM0216"], Codes(Files.Replace("NAME", "stack", StringComparison.Ordinal)));
    }

    private static string Route(string http) =>
        $"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{ name: r, namespace: shop }}\nspec: {{ hosts: [stock], http: [{{ {http} }}] }}\n";

    private static string[] Codes(string yaml) => Check(yaml).Select(finding => finding.Code).ToArray();

    private static IReadOnlyList<Finding> Check(string yaml) => MeshCheck.Run(MeshYaml.Read(yaml));
}
