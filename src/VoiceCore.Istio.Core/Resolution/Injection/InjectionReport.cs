using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Compares what the webhooks would inject with what runs.</summary>
public sealed class InjectionReport
{
    private readonly MeshSnapshot _snapshot;
    private readonly InjectionResolver _resolver;

    /// <summary>Takes webhooks, injectors, namespaces and pods of a snapshot.</summary>
    public InjectionReport(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _resolver = new InjectionResolver(snapshot.Webhooks, snapshot.Injectors);
    }

    /// <summary>A row for each workload, and one for each namespace without workloads; in the order of their names.</summary>
    public IEnumerable<MeshInjection> Rows()
    {
        var workloads = MeshWorkload.Of(_snapshot).ToLookup(workload => workload.Namespace);
        foreach (var @namespace in _snapshot.Namespaces)
        {
            if (!workloads.Contains(@namespace.Name))
                yield return Row(@namespace, null);
            foreach (var workload in workloads[@namespace.Name])
                yield return Row(@namespace, workload);
        }
    }

    private MeshInjection Row(NamespaceRecord @namespace, MeshWorkload? workload)
    {
        // During a rollout the newest pod shows what the template asks for.
        var pod = workload?.Records.MaxBy(record => record.Created);
        var verdict = _resolver.Resolve(
            @namespace.Name, @namespace.Labels, pod?.Labels ?? LabelSet.Empty, pod?.Annotations ?? LabelSet.Empty, pod?.HostNetwork ?? false);
        var outdated = workload?.Records.Count(record => IsOutdated(record, verdict)) ?? 0;
        var (state, problem, fix) = Judge(@namespace, workload, verdict, outdated);
        return new MeshInjection
        {
            Namespace = @namespace.Name,
            Workload = workload is null ? "" : $"{workload.Kind}/{workload.Name}",
            State = state,
            Injected = verdict.Injected,
            Revision = verdict.Revision,
            Tag = verdict.Webhooks.Count > 0 ? verdict.Webhooks[0].Tag : null,
            Webhook = verdict.Webhooks.Count > 0 ? verdict.Webhooks[0].Configuration : null,
            RunningRevisions = workload?.Revisions ?? [],
            RunningVersions = workload?.ProxyVersions ?? [],
            Replicas = workload?.Replicas ?? 0,
            InjectedReplicas = workload?.Injected ?? 0,
            OutdatedReplicas = outdated,
            Reason = problem is null ? verdict.Reason : $"{verdict.Reason} {problem}",
            Fix = fix ?? "",
        };
    }

    private (InjectionState State, string? Problem, string? Fix) Judge(NamespaceRecord @namespace, MeshWorkload? workload, InjectionVerdict verdict, int outdated)
    {
        if (verdict.Webhooks.Count > 1)
            return (InjectionState.Conflict, "The pod would be injected twice.", "Remove the webhook of the revision or tag that is not in use.");
        if (verdict.Injected && IsDangling(verdict.Webhooks[0]))
        {
            var webhook = verdict.Webhooks[0];
            return (
                InjectionState.Refused,
                $"The service {webhook.ServiceNamespace}/{webhook.Service} of webhook {webhook.Configuration} does not exist, so new pods are refused.",
                $"Set-MeshInjection -Namespace {@namespace.Name} -Revision REVISION, with an installed revision; or move the tag.");
        }

        var injection = @namespace.Labels[IstioNames.Injection];
        var revision = @namespace.Labels[IstioNames.Revision];
        if (injection is not null && revision is not null)
            return (InjectionState.Conflict, "The namespace has both labels.", $"Set-MeshInjection -Namespace {@namespace.Name} -Revision {(_resolver.Serves(revision) ? revision : "REVISION")}{(injection == "disabled" ? ", or -Disabled" : "")}");
        if (injection is not null and not ("enabled" or "disabled") || (injection is null && revision is not null && !_resolver.Serves(revision)))
            return (InjectionState.Conflict, "New pods start without a sidecar.", $"Set-MeshInjection -Namespace {@namespace.Name} -Revision REVISION");

        if (outdated > 0)
        {
            return (
                InjectionState.RestartNeeded,
                $"{outdated} of {workload!.Replicas} running pods differ from that.",
                workload.Kind is "Deployment" or "StatefulSet" or "DaemonSet"
                    ? $"kubectl -n {workload.Namespace} rollout restart {workload.Kind.ToLowerInvariant()}/{workload.Name}"
                    : $"Create the pods of {workload} anew.");
        }

        return (verdict.Injected ? InjectionState.Injected : InjectionState.NotInjected, null, null);
    }

    // A pod with another revision, or with a sidecar where none is due, or without where one is.
    private static bool IsOutdated(PodRecord pod, InjectionVerdict verdict) =>
        pod.HasSidecar != verdict.Injected || (verdict.Injected && InjectedProxy.Revision(pod) is { } running && running != verdict.Revision);

    // Only where the snapshot knows services of that namespace can it tell that one is missing.
    private bool IsDangling(InjectionWebhook webhook) =>
        webhook.Service.Length > 0
        && _snapshot.Services.Any(service => service.Namespace == webhook.ServiceNamespace)
        && !_snapshot.Services.Any(service => service.Namespace == webhook.ServiceNamespace && service.Name == webhook.Service);
}
