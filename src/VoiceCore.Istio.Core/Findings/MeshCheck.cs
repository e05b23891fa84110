using VoiceCore.Istio.Core.Findings.Mesh;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>Checks the configuration of a mesh: every rule over one snapshot.</summary>
public static class MeshCheck
{
    private static readonly IMeshRule[] Rules =
        [new RetryRule(), new CircuitBreakerRule(), new ReferenceRule(), new SelectorRule(), new HostConflictRule(), new TlsRule(), new InjectionRule()];

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
