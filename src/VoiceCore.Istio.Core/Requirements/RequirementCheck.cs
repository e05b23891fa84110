using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Requirements;

/// <summary>Judges the requirements of the runbook, 1.1 to 1.7, over a definition and a mesh.</summary>
public static class RequirementCheck
{
    private static readonly IRequirementRule[] Rules =
    [
        new ServiceMeshRequirement(), new MutualTlsRequirement(), new CircuitBreakerRequirement(), new TracingRequirement(),
        new CanaryRequirement(), new ZeroTrustRequirement(), new RateLimitRequirement(),
    ];

    /// <summary>The requirements: number and title.</summary>
    public static IReadOnlyList<(string Id, string Title)> All { get; } = [.. Rules.Select(rule => (rule.Id, rule.Title))];

    /// <summary>The requirements whose number is asked for, in their order. No I/O, and the same for the same mesh and definition.</summary>
    public static IReadOnlyList<MeshRequirement> Run(MeshSnapshot snapshot, MeshDefinition definition, Func<string, bool> isAsked)
    {
        var subject = new RequirementSubject(snapshot, definition);
        return [.. Rules.Where(rule => isAsked(rule.Id)).Select(rule => Summed(rule, [.. rule.Judge(subject)]))];
    }

    private static MeshRequirement Summed(IRequirementRule rule, IReadOnlyList<RequirementEvidence> evidence)
    {
        var failed = evidence.Where(piece => piece.Status == RequirementStatus.NotSatisfied).ToArray();
        var unseen = evidence.Where(piece => piece.Status == RequirementStatus.NotVerifiable).ToArray();
        var (status, reason) = (failed.Length, unseen.Length) switch
        {
            ( > 0, _) => (RequirementStatus.NotSatisfied, First(failed)),
            (0, > 0) => (RequirementStatus.NotVerifiable, First(unseen)),
            _ => (RequirementStatus.Satisfied, $"All that was looked at ({evidence.Count}) is as it should be."),
        };
        return new MeshRequirement(rule.Id, rule.Title, status, reason, evidence);
    }

    private static string First(RequirementEvidence[] pieces) => pieces.Length == 1 ? $"{pieces[0]}" : $"{pieces[0]} And {pieces.Length - 1} more.";
}
