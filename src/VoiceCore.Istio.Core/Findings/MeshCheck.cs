using VoiceCore.Istio.Core.Findings.Mesh;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>Checks the configuration of a mesh: every rule over one snapshot.</summary>
public static class MeshCheck
{
    private static readonly IMeshRule[] Rules =
    [
        new RetryRule(), new CircuitBreakerRule(), new RuleUseRule(), new CallRule(), new ReferenceRule(), new RouteGatewayRule(), new RouteShapeRule(),
        new UnreachableRule(), new GatewayRule(), new GatewayApiRule(), new SelectorRule(), new SidecarHostRule(), new HostConflictRule(),
        new ServiceEntryRule(), new TlsRule(), new AccessRule(), new PeerPolicyRule(), new TelemetryRule(), new ServiceRule(), new WorkloadRule(),
        new InjectionRule(), new AnnotationRule(), new ConditionRule(), new EnvoyFilterRule(), new WebhookRule(), new ControlPlaneRule(),
    ];

    /// <summary>The findings: the gravest first, then by code and subject. No I/O, and the same for the same snapshot.</summary>
    public static IReadOnlyList<Finding> Run(MeshSnapshot snapshot)
    {
        var mesh = new MeshIndex(snapshot);
        return Rules
            .SelectMany(rule => rule.Check(mesh))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Code, StringComparer.Ordinal)
            .ThenBy(finding => finding.Subject, StringComparer.Ordinal)
            .ToArray();
    }
}
