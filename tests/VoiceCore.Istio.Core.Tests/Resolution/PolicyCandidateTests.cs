using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>One reason each, in Istio's terms.</summary>
public sealed class PolicyCandidateTests
{
    private static readonly string Base = Tenant(sidecars: [true]) + Pod("web", "client-0", "10.0.1.1");

    [Theory]
    [InlineData("elsewhere", "host: tenant.shop.svc.cluster.local", PolicyCause.OtherNamespace)]
    [InlineData("shop", "host: tenant.shop", PolicyCause.HostDiffers)]
    [InlineData("web", "host: tenant", PolicyCause.HostDiffers)]
    [InlineData("shop", "host: tenant, exportTo: [\".\"]", PolicyCause.NotExported)]
    [InlineData("web", "host: \"*.local\", exportTo: [shop]", PolicyCause.NotExported)]
    [InlineData("shop", "host: \"*.shop.svc.cluster.local\"", PolicyCause.CloserHost)]
    [InlineData("istio-system", "host: \"*\"", PolicyCause.CloserNamespace)]
    [InlineData("shop", "host: tenant, workloadSelector: { matchLabels: { app: client } }", PolicyCause.OtherNamespace)]
    [InlineData("shop", "host: tenant, trafficPolicy: { tls: { mode: DISABLE } }", PolicyCause.OlderGoesFirst)]
    [InlineData("shop", "host: tenant, subsets: [{ name: v2 }]", PolicyCause.Merged)]
    [InlineData("shop", "host: tenant, exportTo: [web]", PolicyCause.Applies)]
    public void Of_a_DestinationRule_beside_the_services_own(string @namespace, string spec, PolicyCause cause)
    {
        var candidates = Resolve(PolicyKind.DestinationRule, Rule("shop", "tenant", "{ connectionPool: { tcp: { maxConnections: 1 } } }"), Later("DestinationRule", @namespace, spec));

        Assert.Equal(cause, Of(candidates, $"{@namespace}/later").Cause);
        Assert.Equal(cause == PolicyCause.Applies ? PolicyCause.NewerGoesFirst : PolicyCause.Applies, Of(candidates, "shop/rule").Cause);
    }

    [Fact]
    public void Of_a_rule_for_other_clients_that_still_hides_the_services_own()
    {
        var candidates = Resolve(PolicyKind.DestinationRule, Rule("shop", "tenant", "{ tls: { mode: DISABLE } }"), Later("DestinationRule", "web", "host: tenant.shop.svc.cluster.local, workloadSelector: { matchLabels: { app: batch } }"));

        Assert.Equal((PolicyCause.SelectorDiffers, true), (Of(candidates, "web/later").Cause, Of(candidates, "web/later").Reason.EndsWith("It hides rules of other namespaces all the same.", StringComparison.Ordinal)));
        Assert.Equal(PolicyCause.CloserNamespace, Of(candidates, "shop/rule").Cause);
    }

    [Fact]
    public void Tells_that_a_ports_entry_replaces_the_rest()
    {
        var rule = Assert.Single(Resolve(PolicyKind.DestinationRule, Rule("shop", "tenant", "{ tls: { mode: DISABLE }, portLevelSettings: [{ port: { number: 80 }, connectionPool: { tcp: { maxConnections: 1 } } }] }")));

        Assert.Contains("portLevelSettings for port 80 replace", rule.Reason, StringComparison.Ordinal);
        Assert.Equal(("policy", "shop/tenant"), (rule.Effect, rule.Service));
        Assert.Equal([80], rule.Ports);
    }

    [Fact]
    public void Of_rules_for_a_service_that_a_Sidecar_hides()
    {
        string[] documents = [Rule("shop", "tenant", "{ tls: { mode: DISABLE } }"), Later("Sidecar", "web", "egress: [{ hosts: [\"./*\"] }]")];

        var rule = Assert.Single(Resolve(PolicyKind.DestinationRule, documents));
        Assert.Equal(PolicyCause.ServiceHidden, rule.Cause);
        Assert.Contains("web/later", rule.Reason, StringComparison.Ordinal);
        Assert.Equal("hides the service", Assert.Single(Resolve(PolicyKind.Sidecar, documents)).Effect);
    }

    [Theory]
    [InlineData("web", "hosts: [tenant.shop.svc.cluster.local], http: [{ route: [{ destination: { host: tenant } }] }]", PolicyCause.OlderGoesFirst)]
    [InlineData("web", "hosts: [\"*.local\"], http: [{ route: [{ destination: { host: tenant } }] }]", PolicyCause.CloserHost)]
    [InlineData("web", "hosts: [tenant.shop.svc.cluster.local], gateways: [edge], http: [{ route: [{ destination: { host: tenant } }] }]", PolicyCause.Ignored)]
    [InlineData("shop", "hosts: [tenant], exportTo: [\".\"], http: [{ route: [{ destination: { host: tenant } }] }]", PolicyCause.NotExported)]
    [InlineData("web", "hosts: [tenant], http: [{ route: [{ destination: { host: tenant } }] }]", PolicyCause.HostDiffers)]
    [InlineData("web", "hosts: [tenant.shop.svc.cluster.local], http: [{ match: [{ port: 81 }], route: [{ destination: { host: tenant } }] }]", PolicyCause.SaysNothing)]
    public void Of_a_VirtualService_beside_an_older_one(string @namespace, string spec, PolicyCause cause)
    {
        const string Older =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: older, namespace: shop }
            spec: { hosts: [tenant], http: [{ route: [{ destination: { host: tenant } }] }] }

            """;

        var candidates = Resolve(PolicyKind.VirtualService, Older, Later("VirtualService", @namespace, spec));

        Assert.Equal(cause, Of(candidates, $"{@namespace}/later").Cause);
        Assert.Equal(PolicyCause.Applies, Of(candidates, "shop/older").Cause);
    }

    [Fact]
    public void Of_a_VirtualService_that_is_exported_to_the_client_by_name_although_it_is_newer()
    {
        var candidates = Resolve(
            PolicyKind.VirtualService,
            Later("VirtualService", "shop", "hosts: [tenant], exportTo: [web], http: [{ route: [{ destination: { host: tenant } }] }]"),
            Later("VirtualService", "shop", "hosts: [tenant], http: [{ route: [{ destination: { host: tenant } }] }]").Replace("later", "all", StringComparison.Ordinal).Replace("2026", "2025", StringComparison.Ordinal));

        Assert.Equal(PolicyCause.Applies, Of(candidates, "shop/later").Cause);
        Assert.Equal(PolicyCause.CloserNamespace, Of(candidates, "shop/all").Cause);
    }

    [Theory]
    [InlineData("DestinationRule", "shop", "host: other", 0)]
    [InlineData("DestinationRule", "web", "host: other.shop.svc.cluster.local", 0)]
    [InlineData("DestinationRule", "elsewhere", "host: tenant", 0)]
    [InlineData("DestinationRule", "web", "host: tenant", 1)]
    [InlineData("DestinationRule", "elsewhere", "host: tenant.shop.svc.cluster.local", 1)]
    [InlineData("VirtualService", "shop", "hosts: [other], http: [{ route: [{ destination: { host: tenant } }] }]", 0)]
    [InlineData("VirtualService", "shop", "hosts: [other, tenant.shop], http: [{ route: [{ destination: { host: tenant } }] }]", 1)]
    [InlineData("VirtualService", "shop", "http: [{ route: [{ destination: { host: tenant } }] }]", 0)]
    public void Only_what_names_the_host_or_was_meant_to_is_a_candidate(string kind, string @namespace, string spec, int count) =>
        Assert.Equal(count, Resolve(Enum.Parse<PolicyKind>(kind), Later(kind, @namespace, spec)).Length);

    [Fact]
    public void What_names_a_service_of_the_same_name_elsewhere_is_no_candidate()
    {
        var snapshot = Read(
            Base, Later("DestinationRule", "web", "host: tenant"),
            "---\n{ apiVersion: v1, kind: Service, metadata: { name: tenant, namespace: web }, spec: { ports: [{ name: http, port: 80 }] } }\n");

        var candidates = snapshot.Services.SelectMany(service => new PolicyCandidateResolver(snapshot).Resolve(service, PolicyKind.DestinationRule));

        Assert.Equal(["web/tenant"], candidates.Select(candidate => candidate.Service).Distinct());
    }

    [Fact]
    public void Of_a_delegate()
    {
        var candidates = Resolve(
            PolicyKind.VirtualService,
            Later("VirtualService", "shop", "hosts: [tenant], http: [{ delegate: { name: part } }]"),
            Later("VirtualService", "shop", "http: [{ route: [{ destination: { host: tenant } }] }]").Replace("later", "part", StringComparison.Ordinal));

        Assert.Equal((PolicyCause.Applies, PolicyCause.Merged), (Of(candidates, "shop/later").Cause, Of(candidates, "shop/part").Cause));
    }

    [Fact]
    public void Of_a_delegate_of_one_that_is_not_chosen()
    {
        var candidates = Resolve(
            PolicyKind.VirtualService,
            Virtual("shop/older", "tenant", "{ route: [{ destination: { host: tenant } }] }"),
            Later("VirtualService", "shop", "hosts: [tenant], http: [{ delegate: { name: part } }]"),
            Later("VirtualService", "shop", "http: [{ route: [{ destination: { host: tenant } }] }]").Replace("later", "part", StringComparison.Ordinal));

        Assert.Equal((PolicyCause.OlderGoesFirst, PolicyCause.Ignored), (Of(candidates, "shop/later").Cause, Of(candidates, "shop/part").Cause));
    }

    [Fact]
    public void Tells_clients_apart_by_the_labels_that_a_VirtualService_asks_for()
    {
        var snapshot = Read(
            Base, Pod("web", "batch-0", "10.0.1.7"),
            Later("VirtualService", "shop", "hosts: [tenant], http: [{ match: [{ sourceLabels: { app: batch } }], route: [{ destination: { host: tenant } }] }]"));

        var candidates = new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), PolicyKind.VirtualService, isClient: client => client.Namespace == "web");

        Assert.Equal(
            [("web/batch", PolicyCause.Applies), ("web/client", PolicyCause.SaysNothing)],
            candidates.Select(candidate => (Assert.Single(candidate.Clients), candidate.Cause)).Order());
    }

    [Theory]
    [InlineData("shop", "mtls: { mode: DISABLE }", PolicyCause.CloserNamespace, PolicyCause.Applies)]
    [InlineData("shop", "selector: { matchLabels: { app: tenant } }, mtls: { mode: DISABLE }", PolicyCause.OlderGoesFirst, PolicyCause.Applies)]
    [InlineData("shop", "selector: { matchLabels: { app: other } }, mtls: { mode: DISABLE }", PolicyCause.SelectorDiffers, PolicyCause.Applies)]
    [InlineData("istio-system", "selector: { matchLabels: { app: tenant } }, mtls: { mode: DISABLE }", PolicyCause.Ignored, PolicyCause.Applies)]
    [InlineData("istio-system", "mtls: { mode: UNSET }", PolicyCause.SaysNothing, PolicyCause.Applies)]
    public void Of_a_PeerAuthentication_beside_the_workloads_own(string @namespace, string spec, PolicyCause cause, PolicyCause own)
    {
        var candidates = Resolve(PolicyKind.PeerAuthentication, Peer("shop", "STRICT", ", selector: { matchLabels: { app: tenant } }"), Later("PeerAuthentication", @namespace, spec));

        Assert.Equal((cause, own), (Of(candidates, $"{@namespace}/later").Cause, Of(candidates, "shop/strict-workload").Cause));
        Assert.Equal("STRICT", Of(candidates, "shop/strict-workload").Effect);
        Assert.Equal(["shop/tenant-0"], candidates[0].Pods);
    }

    [Theory]
    [InlineData("shop", "{}", PolicyCause.Applies, "ALLOW, 0 rules")]
    [InlineData("istio-system", "action: DENY, rules: [{}]", PolicyCause.Applies, "DENY, 1 rule")]
    [InlineData("shop", "selector: { matchLabels: { app: other } }", PolicyCause.SelectorDiffers, "")]
    [InlineData("shop", "targetRefs: [{ kind: Service, name: tenant }]", PolicyCause.Ignored, "")]
    public void Of_an_AuthorizationPolicy(string @namespace, string spec, PolicyCause cause, string effect)
    {
        var candidate = Assert.Single(Resolve(PolicyKind.AuthorizationPolicy, Later("AuthorizationPolicy", @namespace, spec.Trim('{', '}') is "" ? "action: ALLOW" : spec)));

        Assert.Equal((cause, effect), (candidate.Cause, candidate.Effect));
    }

    [Fact]
    public void Tells_that_rules_about_requests_mean_nothing_on_a_TCP_port()
    {
        var snapshot = Read(Base.Replace("name: http", "name: tcp", StringComparison.Ordinal), Later("AuthorizationPolicy", "shop", "rules: [{ to: [{ operation: { paths: [/a] } }] }, {}]"));

        Assert.Equal("ALLOW, 1 of 2 rules", Assert.Single(new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), PolicyKind.AuthorizationPolicy)).Effect);
    }

    [Fact]
    public void Without_a_sidecar_nothing_is_kept()
    {
        var snapshot = Read(Base, Pod("legacy", "old-0", "10.0.1.9", sidecar: false), Rule("shop", "tenant", "{ tls: { mode: DISABLE } }"));

        var candidate = Assert.Single(new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), PolicyKind.DestinationRule, isClient: client => client.Namespace == "legacy"));
        Assert.Equal((PolicyCause.NoSidecar, "legacy (no sidecar)"), (candidate.Cause, Assert.Single(candidate.Clients)));
    }

    private static PolicyCandidate[] Resolve(PolicyKind kind, params string[] documents)
    {
        var snapshot = Read([Base, .. documents]);
        return [.. new PolicyCandidateResolver(snapshot).Resolve(snapshot.Service(), kind, isClient: client => client.Namespace == "web")];
    }

    private static PolicyCandidate Of(PolicyCandidate[] candidates, string key) => Assert.Single(candidates, candidate => $"{candidate.Namespace}/{candidate.Name}" == key);

    private static string Later(string kind, string @namespace, string spec) =>
        $$"""
        ---
        apiVersion: {{(kind is "PeerAuthentication" or "AuthorizationPolicy" ? "security" : "networking")}}.istio.io/v1
        kind: {{kind}}
        metadata: { name: later, namespace: {{@namespace}}, creationTimestamp: "2026-03-01T00:00:00Z" }
        spec: { {{spec}} }

        """;
}
