using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>Where Core is meant to answer otherwise than an analyzer or checker does, and why.</summary>
/// <param name="Scope">The analyzer or checker.</param>
/// <param name="Code">Its code.</param>
/// <param name="IsTheirs">True where only they report, false where only Core does.</param>
/// <param name="Condition">What must hold of the case and of Core's findings for the object.</param>
/// <param name="Text">The reason, with its source.</param>
internal sealed record KnownDifference(string Scope, string Code, bool IsTheirs, Func<MeshSnapshot, IEnumerable<Finding>, bool> Condition, string Text)
{
    private static readonly KnownDifference[] All =
    [
        new(
            "virtualservice.GatewayAnalyzer", "IST0132", IsTheirs: true,
            (_, findings) => findings.Any(finding => finding.Code == MeshFindings.GatewayUnknown.Code),
            "the gateway does not exist, which is said once (VCM0214); the analyzer goes on to compare hosts with nothing (virtualservice/gateways.go)"),
        new(
            "destinationrule.PodNotSelectedAnalyzer", "IST0174", IsTheirs: true,
            (snapshot, findings) => !findings.Any() && snapshot.DestinationRules.Any(rule => rule.Host.StartsWith('*')),
            "a pattern of hosts such as *.local is for services that may come; the analyzer takes it for one name (analyzers/util/service_lookup.go)"),
        new(
            "destinationrule.PodNotSelectedAnalyzer", "IST0173", IsTheirs: false,
            (snapshot, _) => snapshot.DestinationRules.SelectMany(rule => rule.Subsets).Any(subset => snapshot.Pods.Any(pod => pod.Labels.Matches(subset.Labels))),
            "a subset is made of the pods of its service; the analyzer is content with a pod of any service (destinationrule/subset.go)"),
        new(
            "virtualservice.DestinationHostAnalyzer", "IST0140", IsTheirs: true,
            (snapshot, _) => snapshot.VirtualServices.Any(service => service.Gateways.Count > 0 && service.Http.SelectMany(route => route.Destinations).Any(target => target.Subset.Length > 0)),
            "a VirtualService that is bound to the same gateway, or is the same one, counts there too; the analyzer does not look at gateways (virtualservice/destinationhosts.go)"),
        new(
            "authorization.MtlsEnabledChecker", "KIA0105", IsTheirs: true,
            (snapshot, _) => snapshot.PeerAuthentications.Count == 0 && snapshot.DestinationRules.Any(rule => rule.Policy?.Tls?.Mode == ClientTlsMode.IstioMutual),
            "without a PeerAuthentication servers take mutual TLS too (PERMISSIVE is Istio's default), and the DestinationRule makes callers send it, so they have an identity (reference/config/security/peer_authentication)"),
    ];

    internal static string? Reason(string scope, string code, string subject, bool isTheirs, MeshSnapshot snapshot, IReadOnlyList<Finding> findings) =>
        Array.Find(All, item => item.Scope == scope && item.Code == code && item.IsTheirs == isTheirs && item.Condition(snapshot, findings.Where(finding => finding.Subject == subject)))?.Text;
}
