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
        new MergedRule(), new CoverageRule(), new AmbientRule(), new AmbientPolicyRule(),
    ];

    /// <summary>
    /// The findings: the gravest first, then by code and subject. No I/O, and the same for the same snapshot. Of an object that was read from a
    /// file, the file is named. Those that an object's own annotation takes back are suppressed.
    /// </summary>
    public static IReadOnlyList<Finding> Run(MeshSnapshot snapshot)
    {
        var mesh = new MeshIndex(snapshot);
        var files = snapshot.IsComplete ? [] : Files(snapshot);
        var annotations = new SuppressAnnotations(snapshot);
        return Sort(Rules
            .SelectMany(rule => rule.Check(mesh))
            .Select(finding => finding.Subject is { } subject && files.TryGetValue(subject, out var file) ? finding with { Path = file } : finding)
            .Select(annotations.Apply));
    }

    /// <summary>The gravest first, then by code and subject.</summary>
    internal static IReadOnlyList<Finding> Sort(IEnumerable<Finding> findings) => findings
        .OrderByDescending(finding => finding.Severity)
        .ThenBy(finding => finding.Code, StringComparer.Ordinal)
        .ThenBy(finding => finding.Subject, StringComparer.Ordinal)
        .ToArray();

    private static Dictionary<string, string> Files(MeshSnapshot snapshot)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in snapshot.IstioObjects.Where(item => item.Source is not null))
            files[item.ToString()] = item.Source!;
        return files;
    }
}
