namespace VoiceCore.Istio.Core.Planning;

/// <summary>One field in which the cluster differs from the definition, or an object that is not there.</summary>
/// <param name="Action">What installing would do about it.</param>
/// <param name="Kind">Such as <c>DestinationRule</c>.</param>
/// <param name="Namespace">The namespace; null for a cluster-wide object.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Field">The field; null where the object as a whole is not there or cannot be read.</param>
/// <param name="Live">The value in the cluster.</param>
/// <param name="Wanted">The value of the definition.</param>
/// <param name="Owner">The managers that own the field.</param>
/// <param name="Reason">Why, where the rest does not say it.</param>
public sealed record FieldDrift(
    PlanAction Action, string Kind, string? Namespace, string Name, string? Field, string? Live, string? Wanted, IReadOnlyList<string> Owner, string? Reason)
{
    /// <summary>Everything in which a plan says that the cluster differs.</summary>
    public static IEnumerable<FieldDrift> Of(MeshPlan plan) => plan.Rows.Where(row => row.Action != PlanAction.Unchanged).SelectMany(Of);

    private static IEnumerable<FieldDrift> Of(PlanRow row) => row.Differences.Count == 0
        ? [new FieldDrift(row.Action, row.Kind, row.Namespace, row.Name, null, null, null, [], row.Reason)]
        : row.Differences.Select(difference =>
            new FieldDrift(row.Action, row.Kind, row.Namespace, row.Name, difference.Path, difference.Live, difference.Wanted, difference.Owners, row.Reason));
}
