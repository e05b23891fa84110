using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Agreement;

/// <summary>The codes that a checker of Kiali can report. Core's rules with the same meaning are those that name such a code.</summary>
internal static class KialiScope
{
    private static readonly Dictionary<string, string[]> ByChecker = new(StringComparer.Ordinal)
    {
        ["authorization.MtlsEnabledChecker"] = ["KIA0105"],
        ["authorization.needsMtls"] = ["KIA0105"],
        ["authorization.NamespaceMethodChecker"] = ["KIA0101", "KIA0102"],
        ["authorization.NoHostChecker"] = ["KIA0104"],
        ["authorization.PrincipalsChecker"] = ["KIA0106", "KIA0107", "KIA0108"],
        ["checkers.AmbientPolicyChecker"] =
        [
            "KIA0109", "KIA0110", "KIA0210", "KIA0211", "KIA0212", "KIA1109", "KIA1110", "KIA1111", "KIA1112", "KIA1113", "KIA1114", "KIA1115", "KIA1116",
            "KIA1117",
        ],
        ["common.ExportToNamespaceChecker"] = ["KIA0005"],
        ["common.SelectorNoWorkloadFoundChecker"] = ["KIA0004"],
        ["common.WorkloadSelectorNoWorkloadFoundChecker"] = ["KIA0004"],
        ["common.PeerAuthenticationMultiMatchChecker"] = ["KIA0002", "KIA0003"],
        ["common.SidecarSelectorMultiMatchChecker"] = ["KIA0002", "KIA0003"],
        ["destinationrules.DisabledMeshWideMTLSChecker"] = ["KIA0208"],
        ["destinationrules.DisabledNamespaceWideMTLSChecker"] = ["KIA0207", "KIA0208"],
        ["destinationrules.MeshWideMTLSChecker"] = ["KIA0205"],
        ["destinationrules.MultiMatchChecker"] = ["KIA0201"],
        ["destinationrules.NamespaceWideMTLSChecker"] = ["KIA0206"],
        ["destinationrules.NoDestinationChecker"] = ["KIA0202", "KIA0203", "KIA0209"],
        ["destinationrules.TrafficPolicyChecker"] = ["KIA0204"],
        ["gateways.MultiMatchChecker"] = ["KIA0301"],
        ["gateways.SelectorChecker"] = ["KIA0302"],
        ["k8sgrpcroutes.NoHostChecker"] = ["KIA1402"],
        ["k8sgrpcroutes.NoK8sGatewayChecker"] = ["KIA1401"],
        ["k8shttproutes.NoHostChecker"] = ["KIA1402"],
        ["k8shttproutes.NoK8sGatewayChecker"] = ["KIA1401"],
        ["k8sreferencegrants.NamespaceChecker"] = ["KIA1601"],
        ["peerauthentications.DisabledMeshWideChecker"] = ["KIA0506"],
        ["peerauthentications.DisabledNamespaceWideChecker"] = ["KIA0505"],
        ["peerauthentications.MeshMtlsChecker"] = ["KIA0401"],
        ["peerauthentications.NamespaceMtlsChecker"] = ["KIA0501"],
        ["serviceentries.MultiMatchChecker"] = ["KIA1211", "KIA1212"],
        ["services.PortMappingChecker"] = ["KIA0601", "KIA0602", "KIA0701"],
        ["sidecars.EgressHostChecker"] = ["KIA1004"],
        ["sidecars.GlobalChecker"] = ["KIA1006"],
        ["sidecars.OutboundTrafficPolicyModeChecker"] = ["KIA1007"],
        ["virtualservices.NoGatewayChecker"] = ["KIA1102", "KIA1108"],
        ["virtualservices.NoHostChecker"] = ["KIA1101"],
        ["virtualservices.RouteChecker"] = ["KIA1104", "KIA1105"],
        ["virtualservices.SingleHostChecker"] = ["KIA1106"],
        ["virtualservices.SubsetPresenceChecker"] = ["KIA1107"],
        ["workloads.UncoveredWorkloadChecker"] = ["KIA1301"],
    };

    internal static IReadOnlyList<string> Codes(string checker) => ByChecker.GetValueOrDefault(checker) ?? [];

    internal static IReadOnlyList<FindingRule> Rules(IReadOnlyList<string> codes) =>
        FindingCatalog.All.Select(rule => rule with { SameAs = rule.SameAs.Intersect(codes).ToArray() }).Where(rule => rule.SameAs.Count > 0).ToArray();
}
