using System.Runtime.CompilerServices;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Carries a plan out, in the order of its rows and with the waits between them; namespaces that change to another revision follow once it is
/// ready. Only what differs is sent; every wait takes place in any case, so that a run after one that was broken off ends in the same state.
/// Whatever fails leaves nothing that the next run does not repair.
/// </summary>
public sealed class MeshInstaller
{
    private const int MaximumRemovals = 5;

    private readonly KubernetesApi _api;
    private readonly IIstioctl _istioctl;
    private readonly TimeSpan _timeout;
    private readonly IActivityLog _log;
    private readonly MeshWaits _waits;

    /// <summary>Each single wait may take <paramref name="timeout"/>.</summary>
    public MeshInstaller(KubernetesApi api, IIstioctl istioctl, TimeSpan timeout, IActivityLog log)
    {
        _api = api;
        _istioctl = istioctl;
        _timeout = timeout;
        _log = log;
        _waits = new MeshWaits(api, PlanningText.InstallActivity, timeout, TimeProvider.System, log);
    }

    /// <summary>
    /// Carries the plan out. Conflicts are errors, and then nothing at all is done, unless <paramref name="force"/> takes the fields over.
    /// An object that is refused is an error, and the others go on; a wait that ends without success ends everything.
    /// </summary>
    public async IAsyncEnumerable<MeshStep> ApplyAsync(MeshPlan plan, bool force, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Blocking(plan, force).ToList() is { Count: > 0 } blocking)
        {
            foreach (var row in blocking)
                yield return new MeshStep(row, PlanningErrors.Conflict(row));
            yield break;
        }

        var stages = new (Func<PlanRow, bool> IsOf, Func<CancellationToken, Task> Wait)[]
        {
            (row => IsNamespace(row) && !Moves(row), _ => Task.CompletedTask),
            (row => row.Role == ManifestRole.ControlPlane, token => ControlPlaneReadyAsync(plan, token)),
            (row => IsNamespace(row) && Moves(row), token => InjectedAsync(plan, token)),
            (row => row.Role is ManifestRole.Policy or ManifestRole.Traffic, _ => Task.CompletedTask),
            (row => row.Role is ManifestRole.Gateway or ManifestRole.Workload, token => RolledOutAsync(plan, token)),
        };
        var done = 0;
        var isWhole = true;
        foreach (var (isOf, wait) in stages)
        {
            var rows = plan.Rows.Where(row => !row.IsLeftover && isOf(row)).ToList();
            var failed = false;
            if (NeedsIstioctl(rows))
            {
                // Its record first: an installation that is broken off must be known as ours.
                await foreach (var step in ApplyRowsAsync(plan, rows.Where(row => row.Wanted is not null), done, cancellationToken))
                {
                    failed |= step.Error is not null;
                    yield return step;
                }

                var error = failed ? null : await Attempt.Async(() => InstallControlPlaneAsync(plan, cancellationToken));
                if (failed || error is not null)
                {
                    if (error is not null)
                        yield return new MeshStep(null, error);
                    yield break;
                }

                foreach (var row in rows.Where(row => row.Wanted is null))
                    yield return new MeshStep(row with { Applied = Changes(row) });
            }
            else
            {
                await foreach (var step in ApplyRowsAsync(plan, rows, done, cancellationToken))
                {
                    failed |= step.Error is not null;
                    yield return step;
                }
            }

            done += rows.Count;

            // Without a namespace nothing in it can be; without policies and routes the rest stands. What lacks a part may never become
            // ready: the run that completes it waits.
            if (failed && rows.Exists(IsNamespace))
                yield break;
            isWhole &= !failed;
            if (failed)
                continue;
            if (await Attempt.Async(() => wait(cancellationToken)) is { } late)
            {
                yield return new MeshStep(null, late);
                yield break;
            }
        }

        // Last, and only where all that takes their place is there.
        foreach (var row in plan.Rows.Where(row => row.IsLeftover))
        {
            _log.Progress(PlanningText.InstallActivity, row.Object.ToString(), 100 * done++ / plan.Rows.Count);
            var outcome = row;
            var goes = isWhole && row.Action == PlanAction.Delete;
            var error = goes ? await Attempt.Async(async () => outcome = await RemoveAsync(row, cancellationToken)) : null;
            yield return new MeshStep(outcome, error);
        }
    }

    // As it was when it was looked at: what somebody changed since stays. A controller that writes a status changes it too, so it is looked at again.
    private async Task<PlanRow> RemoveAsync(PlanRow row, CancellationToken cancellationToken)
    {
        var live = row.Live!;
        var uid = (string?)live.Json["metadata"]?["uid"];
        for (var tries = 1; ; tries++)
        {
            try
            {
                await _api.DeleteAsync(row.Object, new DeleteOptions { Uid = uid, ResourceVersion = live.ResourceVersion }, cancellationToken);
                return row with { Applied = true };
            }
            catch (MeshException error) when (error.Id == nameof(KubernetesText.ObjectChanged) && tries < MaximumRemovals)
            {
                live = await _api.GetAsync(row.Object, cancellationToken) ?? live;
                if (LeftoverPlanner.ReasonNeverToRemove(live) is { } reason)
                    return row with { Action = PlanAction.Keep, Reason = reason };
            }
        }
    }

    private static IEnumerable<PlanRow> Blocking(MeshPlan plan, bool force) =>
        // A revision that runs in another namespace has nothing that could be taken over.
        plan.Conflicts.Where(row => !force || row.Differences.Count == 0);

    private static bool IsNamespace(PlanRow row) => row.Role == ManifestRole.Namespace;

    // Its pods come from another revision so far. Until the new one answers, its label would let them start without a sidecar.
    private static bool Moves(PlanRow row) =>
        row is { Live: { } live, Wanted: { } wanted } && InjectionLabels.Text(live) is { Length: > 0 } before && before != InjectionLabels.Text(wanted);

    private static bool Changes(PlanRow row) => row.Action is PlanAction.Create or PlanAction.Update or PlanAction.Conflict;

    private static bool NeedsIstioctl(List<PlanRow> rows) =>
        rows.Any(row => row is { Role: ManifestRole.ControlPlane, Basis: PlanBasis.Manifest } && Changes(row));

    private async IAsyncEnumerable<MeshStep> ApplyRowsAsync(MeshPlan plan, IEnumerable<PlanRow> rows, int done, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            _log.Progress(PlanningText.InstallActivity, row.Object.ToString(), 100 * done++ / plan.Rows.Count);
            if (!Changes(row))
            {
                yield return new MeshStep(row);
                continue;
            }

            var error = await Attempt.Async(() => ApplyAsync(row, cancellationToken));
            yield return new MeshStep(row with { Applied = error is null }, error);
        }
    }

    private async Task ApplyAsync(PlanRow row, CancellationToken cancellationToken)
    {
        var wanted = row.Wanted!;
        var force = row.Action == PlanAction.Conflict;
        var strangers = row.Live is { Kind: "Namespace" } ? InjectionLabels.Strangers(row.Live, wanted) : [];
        if (row.Live is { } live && !InstallMarks.IsCreated(live))
        {
            var after = await _api.ApplyAsync(wanted, new ApplyOptions { DryRun = true, Force = force }, cancellationToken);
            wanted = InstallMarks.Remembering(wanted, live, InjectionLabels.Without(strangers, after));
        }

        if (strangers.Count > 0)
            await _api.MergePatchAsync(row.Object, InjectionLabels.Patch(strangers, wanted), new WriteOptions(), cancellationToken);
        await _api.ApplyAsync(wanted, new ApplyOptions { Force = force }, cancellationToken);
    }

    private async Task InstallControlPlaneAsync(MeshPlan plan, CancellationToken cancellationToken)
    {
        _log.Progress(PlanningText.InstallActivity, MeshException.Format(PlanningText.InstallingControlPlane, plan.Revision));
        await _istioctl.InstallAsync(plan.ControlPlane with { ReadinessTimeout = _timeout }, _log, cancellationToken);
        _api.ResetDiscovery();
    }

    private async Task ControlPlaneReadyAsync(MeshPlan plan, CancellationToken cancellationToken)
    {
        var rows = plan.Rows.Where(row => row is { Role: ManifestRole.ControlPlane, Action: not PlanAction.Unknown }).ToList();
        foreach (var crd in rows.Where(row => row.Kind == "CustomResourceDefinition"))
            await _waits.EstablishedAsync(crd.Object, cancellationToken);
        _api.ResetDiscovery();
        foreach (var istiod in rows.Where(row => row.Kind == "Deployment"))
            await _waits.RolledOutAsync(istiod.Object, plan.Definition.ControlPlane.Replicas.Minimum, cancellationToken);
    }

    private async Task InjectedAsync(MeshPlan plan, CancellationToken cancellationToken)
    {
        foreach (var ns in plan.Definition.Namespaces.Where(ns => ns.Injection))
            await _waits.InjectedAsync(ns.Name, plan.Revision, cancellationToken);
    }

    private async Task RolledOutAsync(MeshPlan plan, CancellationToken cancellationToken)
    {
        foreach (var row in plan.Rows.Where(row => row is { Role: ManifestRole.Gateway or ManifestRole.Workload, Kind: "Deployment", IsLeftover: false }))
            await _waits.RolledOutAsync(row.Object, Minimum(plan, row), cancellationToken);
    }

    // The autoscaler that comes with the Deployment brings it to its minimum, with or without metrics.
    private static int Minimum(MeshPlan plan, PlanRow deployment) => plan.Rows
        .Where(row => row.Kind == "HorizontalPodAutoscaler" && row.Namespace == deployment.Namespace && row.Name == deployment.Name)
        .Select(row => (int?)row.Wanted?.Json["spec"]?["minReplicas"] ?? 1)
        .DefaultIfEmpty(1)
        .Max();
}
