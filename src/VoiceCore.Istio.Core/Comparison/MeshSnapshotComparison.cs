using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>
/// What differs between two states of a mesh by what it means: the verdicts that are otherwise, then the objects. Clients and endpoints
/// that no rule tells apart are one row. What is only written otherwise (order, comments, a default spelled out in YAML) is no difference.
/// </summary>
public static class MeshSnapshotComparison
{
    private static readonly (MeshChangeArea Area, Func<MeshSnapshot, VerdictSource> Open)[] Verdicts =
    [
        (MeshChangeArea.MutualTls, ServiceVerdicts.MutualTls),
        (MeshChangeArea.CircuitBreaker, ServiceVerdicts.CircuitBreakers),
        (MeshChangeArea.Route, ServiceVerdicts.Routes),
        (MeshChangeArea.Injection, InjectionVerdicts.Of),
        (MeshChangeArea.Authorization, AuthorizationVerdicts.Of),
    ];

    /// <summary>The differences of the areas that are asked for, all by default: verdicts in the order of areas and subjects, then objects.</summary>
    public static IEnumerable<MeshChange> Run(MeshSnapshot reference, MeshSnapshot difference, IReadOnlyCollection<MeshChangeArea>? areas = null)
    {
        var objects = ObjectComparison.Run(reference, difference);
        // Verdicts follow from objects alone.
        if (objects.Count == 0)
            yield break;

        var causes = new ChangeCauses(objects, reference, difference);
        foreach (var (area, open) in Verdicts)
        {
            if (areas is not null && !areas.Contains(area))
                continue;
            foreach (var change in VerdictComparison.Run(area, open(reference), open(difference), causes))
                yield return change;
        }

        if (areas is not null && !areas.Contains(MeshChangeArea.Object))
            yield break;
        foreach (var change in objects)
            yield return new MeshChange(MeshChangeArea.Object, change.Action, change.Namespace, change.Subject, [], null, null, change.Fields, []);
    }
}
