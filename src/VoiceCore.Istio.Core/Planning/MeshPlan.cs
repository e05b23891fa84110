using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Istioctl;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>What installing a definition would do to a cluster.</summary>
/// <param name="Definition">The definition.</param>
/// <param name="Revision">The revision of the control plane.</param>
/// <param name="Rows">One row for each object, in the order in which they are applied.</param>
/// <param name="Findings">What the author of the definition should know.</param>
/// <param name="ControlPlane">What istioctl is asked for.</param>
public sealed record MeshPlan(
    MeshDefinition Definition,
    string Revision,
    IReadOnlyList<PlanRow> Rows,
    IReadOnlyList<Finding> Findings,
    ControlPlaneRequest ControlPlane)
{
    /// <summary>The rows that stand in the way.</summary>
    public IEnumerable<PlanRow> Conflicts => Rows.Where(row => row.Action == PlanAction.Conflict);

    /// <summary>That the definition was adjusted to work, in one line; null where it was not.</summary>
    public string? FindingsSummary => Findings.Count(finding => finding.Severity >= FindingSeverity.Warning) is var count and > 0
        ? MeshException.Format(PlanningText.FindingsSummary, count)
        : null;

    /// <summary>In one line, such as <c>Install revision 1-31-0: 71 Create, 3 Unchanged</c>.</summary>
    public string Summary => MeshException.Format(PlanningText.InstallSummary, Revision, PlanSummary.Of(Rows));
}
