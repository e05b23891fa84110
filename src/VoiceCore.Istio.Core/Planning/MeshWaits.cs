using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>Waits until the cluster has carried out what it was told, each time with an end.</summary>
internal sealed class MeshWaits(KubernetesApi api, string activity, TimeSpan timeout, TimeProvider clock, IActivityLog log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Until a CRD is served.</summary>
    internal Task EstablishedAsync(ObjectReference crd, CancellationToken cancellationToken) =>
        UntilAsync(crd, item => item is null ? PlanningText.NotThere : ObjectStatus.HasCondition(item, "Established") ? null : PlanningText.NotEstablished, cancellationToken);

    /// <summary>Until every pod of a Deployment is of its newest template and ready, and at least <paramref name="minimum"/> are.</summary>
    internal Task RolledOutAsync(ObjectReference deployment, int minimum, CancellationToken cancellationToken) =>
        UntilAsync(deployment, item => item is null ? PlanningText.NotThere : ObjectStatus.RolloutState(item, minimum), cancellationToken);

    /// <summary>Until an object is gone.</summary>
    internal Task GoneAsync(ObjectReference item, CancellationToken cancellationToken) =>
        UntilAsync(item, found => found is null ? null : PlanningText.StillThere, cancellationToken);

    /// <summary>
    /// Until a pod that is tried in a namespace (<c>dryRun=All</c>) comes back with a sidecar of the revision, or without one where it is null:
    /// webhook, its certificate, its service and istiod behind it work together. False where the cluster refuses any pod that is tried.
    /// </summary>
    internal async Task<bool> InjectedAsync(string ns, string? revision, CancellationToken cancellationToken)
    {
        var subject = MeshException.Format(PlanningText.Injection, ns);
        using var timeUp = new CancellationTokenSource(timeout, clock);
        for (var state = ""; ; await Task.Delay(Pause, clock, cancellationToken))
        {
            try
            {
                var pod = await api.CreateAsync(InjectionProbe.Pod(ns), new WriteOptions { DryRun = true }, cancellationToken);
                var found = InjectionProbe.RevisionOf(pod);
                if (found == revision)
                    return true;
                state = found is null
                    ? MeshException.Format(PlanningText.NotInjected, revision)
                    : MeshException.Format(PlanningText.OtherwiseInjected, found, revision ?? PlanningText.NoRevision);
            }
            catch (MeshException error) when (InjectionProbe.IsRefusal(error))
            {
                // Policies of the cluster may refuse any pod that is tried: that says nothing about injection.
                log.Warning(MeshException.Format(PlanningText.InjectionNotProven, ns, error.Message));
                return false;
            }
            catch (MeshException error) when (InjectionProbe.MayComeYet(error))
            {
                state = error.Message;
            }

            Tell(subject, state);
            if (timeUp.IsCancellationRequested)
                throw PlanningErrors.WaitTimeout(subject, timeout, state);
        }
    }

    // The condition says what is still missing, or null.
    private async Task UntilAsync(ObjectReference reference, Func<KubernetesObject?, string?> missing, CancellationToken cancellationToken)
    {
        var state = missing(await api.GetAsync(reference, cancellationToken));
        if (state is null)
            return;
        var resource = await api.FindResourceAsync(reference.Group, reference.Kind, version: null, cancellationToken);
        if (resource is null)
            throw PlanningErrors.WaitTimeout(reference.ToString(), timeout, state ?? "");

        using var timeUp = new CancellationTokenSource(timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        var options = new ListOptions { FieldSelector = $"metadata.name={reference.Name}" };
        try
        {
            KubernetesObject? current = null;
            await foreach (var change in api.WatchAsync(resource, reference.Namespace, options, linked.Token))
            {
                if (change.Type != "BOOKMARK")
                    current = change.Type == "DELETED" ? null : change.Object;
                state = missing(current);
                if (state is null)
                    return;
                Tell(reference.ToString(), state);
            }
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw PlanningErrors.WaitTimeout(reference.ToString(), timeout, state ?? "");
        }
    }

    private void Tell(string subject, string state) => log.Progress(activity, MeshException.Format(PlanningText.WaitingFor, subject, state));
}
