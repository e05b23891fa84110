using CsCheck;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Meshes with a service <c>shop/tenant</c>, clients with labels of their own, and policies that meet each other in every way.</summary>
internal static class PolicyGen
{
    internal const string ServiceHost = "tenant.shop.svc.cluster.local";

    internal static readonly MeshSnapshot Base = Read(
        Tenant(sidecars: [true, true]), Pod("web", "client-0", "10.0.1.1"), Pod("web", "batch-0", "10.0.1.2"), Pod("shop", "cart-0", "10.0.1.3"),
        Pod("istio-system", "ingress-0", "10.0.1.4"), Pod("legacy", "old-0", "10.0.1.5", sidecar: false));

    private static readonly Gen<string> Namespace = AnyOf("web", "shop", "istio-system", "elsewhere");
    private static readonly Gen<string> Name = AnyOf("a", "b", "c", "d");
    private static readonly Gen<DateTime> Created = Gen.Int[0, 2].Select(day => new DateTime(2026, 3, 1 + day, 0, 0, 0, DateTimeKind.Utc));
    private static readonly Gen<LabelSet?> Selector = AnyOf<LabelSet?>(null, null, null, Labels("client"), Labels("batch"), Labels("tenant"), Labels("nobody"));
    private static readonly Gen<string> Host = AnyOf("tenant", ServiceHost, "tenant.shop", "*.shop.svc.cluster.local", "*.local", "*", "other.shop.svc.cluster.local");
    private static readonly Gen<string[]> ExportTo = AnyOf<string[]>([], [], ["*"], ["."], ["web"], ["shop"], ["web", "shop"], ["istio-system"]);
    private static readonly Gen<MutualTlsMode> Mode = AnyOf(MutualTlsMode.Unset, MutualTlsMode.Disable, MutualTlsMode.Permissive, MutualTlsMode.Strict);

    private static readonly Gen<TrafficPolicy?> Policy = Gen.OneOf<TrafficPolicy?>(
        Gen.Const((TrafficPolicy?)null),
        Gen.Int[1, 9].Select(limit => (TrafficPolicy?)new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxConnections = limit } }),
        Gen.Int[1, 9].Select(limit => (TrafficPolicy?)new TrafficPolicy { Ports = [new PortTrafficPolicy(80, new TrafficPolicy { ConnectionPool = new ConnectionPool { MaxRequests = limit } })] }));

    private static readonly Gen<Subset[]> Subsets = AnyOf("v1", "v2", "v3").Select(name => new Subset(name, LabelSet.Empty, null)).Array[0, 2];

    internal static readonly Gen<MeshSnapshot> DestinationRules =
        Gen.Select(Gen.Select(Namespace, Name, Created), Host, ExportTo, Selector, Policy, Subsets).Select((head, host, exportTo, selector, policy, subsets) => new DestinationRule
        {
            Namespace = head.Item1,
            Name = head.Item2,
            Created = head.Item3,
            Kind = "DestinationRule",
            ApiVersion = "networking.istio.io/v1",
            Host = host,
            ExportTo = exportTo,
            WorkloadSelector = selector,
            Policy = policy,
            Subsets = subsets,
        }).Array[0, 9].Select(Sidecars, (rules, sidecars) => Base with { DestinationRules = Distinct(rules), Sidecars = sidecars });

    internal static Gen<Sidecar[]> Sidecars => Gen.Select(
        Gen.Select(AnyOf("web", "web", "istio-system"), Name, Created), Selector,
        AnyOf<string[]>(["*/*"], ["./*"], ["shop/*"], ["~/*"], ["*/" + ServiceHost], ["web/*", "istio-system/*"]),
        AnyOf(0, 0, 80, 81)).Select((head, selector, hosts, port) => new Sidecar
        {
            Namespace = head.Item1,
            Name = head.Item2,
            Created = head.Item3,
            Kind = "Sidecar",
            ApiVersion = "networking.istio.io/v1",
            WorkloadSelector = selector,
            Egress = [new SidecarEgress(hosts, port, port == 0 ? "" : "HTTP", "")],
        }).Array[0, 3].Select(Distinct);

    internal static readonly Gen<MeshSnapshot> VirtualServices = Gen.Select(
        Gen.Select(Namespace, Name, Created), Host.Array[1, 2], ExportTo, AnyOf<string[]>([], [], ["mesh"], ["gw"], ["gw", "mesh"]),
        Gen.Select(AnyOf(0, 0, 80, 81), AnyOf("", "", "web", "shop")).Select((port, from) => new HttpRoute
        {
            Matches = port == 0 && from.Length == 0 ? [] : [new HttpMatch { Port = port, SourceNamespace = from }],
            Destinations = [new RouteDestination(ServiceHost, "", 0, 0)],
        }).Array[0, 2]).Select((head, hosts, exportTo, gateways, routes) => new VirtualService
        {
            Namespace = head.Item1,
            Name = head.Item2,
            Created = head.Item3,
            Kind = "VirtualService",
            ApiVersion = "networking.istio.io/v1",
            Hosts = hosts.Distinct().ToArray(),
            ExportTo = exportTo,
            Gateways = gateways,
            Http = routes,
        }).Array[0, 8].Select(Sidecars, (services, sidecars) => Base with { VirtualServices = Distinct(services), Sidecars = sidecars });

    internal static readonly Gen<MeshSnapshot> PeerAuthentications = Gen.Select(
        Gen.Select(Namespace, Name, Created), Selector, Mode, AnyOf(80, 8080, 9090), Gen.OneOf(Gen.Const(MutualTlsMode.Unset), Mode)).Select((head, selector, mode, port, portMode) => new PeerAuthentication
        {
            Namespace = head.Item1,
            Name = head.Item2,
            Created = head.Item3,
            Kind = "PeerAuthentication",
            ApiVersion = "security.istio.io/v1",
            Selector = selector,
            Mode = mode,
            PortModes = portMode == MutualTlsMode.Unset ? new Dictionary<int, MutualTlsMode>() : new Dictionary<int, MutualTlsMode> { [port] = portMode },
        }).Array[0, 9].Select(policies => Base with { PeerAuthentications = Distinct(policies) });

    internal static readonly Gen<MeshSnapshot> AuthorizationPolicies = Gen.Select(
        Gen.Select(Namespace, Name, Created), Selector, AnyOf(AuthorizationAction.Allow, AuthorizationAction.Deny, AuthorizationAction.Audit, AuthorizationAction.Custom),
        AnyOf("false", "false", "true"), AnyOf("/a", "/b").Select(path => new AuthorizationRule([], [new AuthorizationOperation { Paths = new ValueMatch([path], []) }], [])).Array[0, 2],
        AnyOf<PolicyTarget[]>([], [], [new("gateway.networking.k8s.io", "Gateway", "gw")])).Select((head, selector, action, dryRun, rules, targets) => new AuthorizationPolicy
        {
            Namespace = head.Item1,
            Name = head.Item2,
            Created = head.Item3,
            Kind = "AuthorizationPolicy",
            ApiVersion = "security.istio.io/v1",
            Annotations = LabelSet.Create([new("istio.io/dry-run", dryRun)]),
            Selector = targets.Length > 0 ? null : selector,
            Targets = targets,
            Action = action,
            Provider = action == AuthorizationAction.Custom ? "nobody" : "",
            Rules = rules,
        }).Array[0, 8].Select(policies => Base with { AuthorizationPolicies = Distinct(policies) });

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static LabelSet Labels(string app) => LabelSet.Create([new("app", app)]);

    private static T[] Distinct<T>(T[] objects)
        where T : MeshObject => objects.DistinctBy(item => item.Key).ToArray();
}
