using System.Collections.Concurrent;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Plans objects of our own: by a dry run of server-side apply where the API server can try it, else by comparing what is stated.
/// Sends reads and <c>dryRun=All</c> only.
/// </summary>
internal sealed class ObjectPlanner(KubernetesApi api)
{
    // Where a dry run was refused once, for a kind in a namespace, it is not tried again.
    private readonly ConcurrentDictionary<(string, string?), bool> _notAllowed = new();

    /// <summary>What is to be done with an object.</summary>
    /// <exception cref="MeshException">The cluster does not answer, or does not accept the object.</exception>
    internal async Task<PlanRow> PlanAsync(RenderedObject item, CancellationToken cancellationToken)
    {
        KubernetesObject? live;
        try
        {
            live = await api.GetAsync(item.Object.Reference, cancellationToken);
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
        {
            return new PlanRow { Action = PlanAction.Unknown, Role = item.Role, Object = item.Object.Reference, Basis = PlanBasis.Local, Reason = error.Message };
        }

        var wanted = InstallMarks.Marked(item.Object, live);
        var row = new PlanRow
        {
            Action = live is null ? PlanAction.Create : PlanAction.Unchanged,
            Role = item.Role,
            Object = wanted.Reference,
            Basis = PlanBasis.Local,
            Wanted = wanted,
            Live = live,
        };
        row = await TryDryRunAsync(row, cancellationToken) ?? (live is null ? row : Compared(row, live, wanted));
        return live is not null && wanted.Kind == "Namespace" ? WithStrangers(row, live, wanted) : row;
    }

    // Null where the API server cannot try it.
    private async Task<PlanRow?> TryDryRunAsync(PlanRow row, CancellationToken cancellationToken)
    {
        var place = (row.Kind, row.Namespace);
        if (_notAllowed.ContainsKey(place))
            return null;
        try
        {
            var outcome = await api.TryApplyAsync(row.Wanted!, new ApplyOptions { DryRun = true }, cancellationToken);
            if (row.Live is null)
                return row with { Basis = PlanBasis.DryRun };
            var conflicts = outcome.Conflicts;
            var after = outcome.Object ?? await api.ApplyAsync(row.Wanted!, new ApplyOptions { DryRun = true, Force = true }, cancellationToken);
            var differences = FieldComparison.Whole(row.Live, after);
            return row with
            {
                Basis = PlanBasis.DryRun,
                Differences = differences,
                Action = conflicts.Count > 0 ? PlanAction.Conflict : differences.Count > 0 ? PlanAction.Update : PlanAction.Unchanged,
                Reason = conflicts.Count > 0 ? MeshException.Format(PlanningText.OwnedByOthers, Managers(conflicts.Select(conflict => conflict.Manager))) : null,
            };
        }
        catch (MeshException error) when (CannotTry(error, row.Live))
        {
            if (error.Id == nameof(KubernetesText.ClusterForbidden))
                _notAllowed[place] = true;
            return null;
        }
    }

    // Without its namespace or its kind, or with a webhook that does not answer yet, the object may be good all the same.
    private static bool CannotTry(MeshException error, KubernetesObject? live) => error.Id switch
    {
        nameof(KubernetesText.ClusterForbidden) or nameof(KubernetesText.AdmissionWebhookFailed) or nameof(KubernetesText.ResourceNotServed) => true,
        nameof(KubernetesText.ObjectNotFound) => live is null,
        _ => false,
    };

    private static PlanRow Compared(PlanRow row, KubernetesObject live, KubernetesObject wanted)
    {
        var differences = FieldComparison.Stated(live, wanted, FieldManagers.VoiceCore, defaultsInLists: false);
        var others = differences
            .Where(difference => difference.Wanted is not null)
            .SelectMany(difference => difference.Owners)
            .Where(owner => owner != FieldManagers.VoiceCore)
            .ToList();
        return row with
        {
            Differences = differences,
            Action = others.Count > 0 ? PlanAction.Conflict : differences.Count > 0 ? PlanAction.Update : PlanAction.Unchanged,
            Reason = others.Count > 0 ? MeshException.Format(PlanningText.OwnedByOthers, Managers(others)) : null,
        };
    }

    private static PlanRow WithStrangers(PlanRow row, KubernetesObject live, KubernetesObject wanted)
    {
        var strangers = InjectionLabels.Strangers(live, wanted);
        return strangers.Count == 0 ? row : row with
        {
            Action = PlanAction.Conflict,
            Differences = [.. row.Differences, .. strangers],
            Reason = MeshException.Format(PlanningText.InjectionLabelsConflict, InjectionLabels.Text(strangers)),
        };
    }

    private static string Managers(IEnumerable<string> managers) => string.Join(", ", managers.Distinct(StringComparer.Ordinal));
}
