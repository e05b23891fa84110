using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>What uninstalling a product's mesh would remove, give back and keep.</summary>
/// <param name="Product">The product.</param>
/// <param name="Rows">One row for each object, in the order in which they are removed.</param>
public sealed record UninstallPlan(string Product, IReadOnlyList<PlanRow> Rows)
{
    /// <summary>In one line, such as <c>Uninstall the mesh of voicecore-ai: 71 Delete, 1 Keep</c>.</summary>
    public string Summary => MeshException.Format(PlanningText.UninstallSummary, Product, PlanSummary.Of(Rows));

    /// <summary>Whether a control plane goes, which istioctl has to remove.</summary>
    public bool RemovesControlPlane => Rows.Any(row => row is { Revision: not null, Action: PlanAction.Delete });

    /// <summary>What removing Istio's kinds means, in one line; null where none is removed.</summary>
    public string? CrdSummary => Rows.Count(IsGoingCrd) is var count and > 0 ? MeshException.Format(PlanningText.RemoveCrdsSummary, count) : null;

    /// <summary>The same without removing Istio's kinds.</summary>
    public UninstallPlan WithoutCrds() => this with { Rows = [.. Rows.Where(row => !IsGoingCrd(row))] };

    /// <summary>Whether the record of a control plane goes with the row: it is the record or its namespace.</summary>
    internal bool EndsRecord(PlanRow row) => row.Action == PlanAction.Delete
        && (ControlPlaneRecord.IsRecord(row.Object)
            || (row.Kind == "Namespace" && Rows.Any(record => ControlPlaneRecord.IsRecord(record.Object) && record.Namespace == row.Name)));

    internal static bool IsGoingCrd(PlanRow row) => row is { Kind: "CustomResourceDefinition", Action: PlanAction.Delete };
}
