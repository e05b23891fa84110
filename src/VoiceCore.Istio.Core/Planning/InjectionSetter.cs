using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// Gives a namespace one injection label and takes the other away in the same request, then lets a tried pod prove which revision injects.
/// Between two requests <c>istio-injection</c> would hide <c>istio.io/rev</c>, or nobody would inject.
/// </summary>
/// <param name="api">The cluster.</param>
/// <param name="snapshot">The cluster's webhooks, services and pods, read a moment ago.</param>
/// <param name="timeout">How long the API server may take until it injects by the new labels.</param>
/// <param name="log">Where progress and warnings go.</param>
public sealed class InjectionSetter(KubernetesApi api, MeshSnapshot snapshot, TimeSpan timeout, IActivityLog log)
{
    /// <summary>The field manager: another than that of installations, so that these see that the label is none of their doing.</summary>
    public const string Manager = FieldManagers.VoiceCore + "-injection";

    private readonly InjectionResolver _resolver = new(snapshot.Webhooks, snapshot.Injectors);

    /// <summary>What setting it would do. Sends reads only.</summary>
    /// <exception cref="MeshException">
    /// <c>NamespaceNotFound</c>, <c>NamespaceNotInjectable</c>, <c>RevisionNotInstalled</c>, <c>InjectionServiceMissing</c>: nothing good would come
    /// of it, so it must not be done. <c>InjectionTwice</c>: two webhooks would inject.
    /// </exception>
    public async Task<InjectionChange> PlanAsync(string ns, InjectionChoice choice, CancellationToken cancellationToken)
    {
        var live = await api.GetAsync(Reference(ns), cancellationToken) ?? throw InjectionErrors.NamespaceNotFound(ns);
        var before = LabelsOf(live);
        var after = LabelSet.Create([.. Pairs(live).Where(pair => !InjectionLabels.Are(pair.Key)), new(choice.Label, choice.Value)]);
        var verdict = Resolve(ns, after);
        if (choice != InjectionChoice.Disabled)
            await CheckAsync(ns, choice, verdict, cancellationToken);

        var gitOps = ManagingToolMarks.Of(_ => false, label => live.Label(label) is not null, annotation => live.Annotation(annotation) is not null)
            .Select(ManagingToolMarks.GitOpsName).FirstOrDefault(name => name is not null);
        var action = InjectionLabels.Patch(live, choice) is null ? PlanAction.Unchanged : PlanAction.Update;
        if (gitOps is not null && action == PlanAction.Update)
            log.Warning(MeshException.Format(InjectionText.KeptByGitOps, ns, gitOps));
        var workloads = Workloads(ns, after);
        return new InjectionChange
        {
            Namespace = ns,
            Action = action,
            Before = InjectionLabels.Text(live),
            After = choice.ToString(),
            RevisionBefore = Resolve(ns, before).Revision,
            Revision = verdict.Revision,
            Pods = workloads.Sum(workload => workload.Replicas),
            PodsToRestart = workloads.Sum(workload => workload.OutdatedReplicas),
            WorkloadsToRestart = [.. workloads.Where(workload => workload.OutdatedReplicas > 0).Select(workload => workload.Workload)],
            GitOps = gitOps,
            Choice = choice,
        };
    }

    /// <summary>Carries a plan out and proves it; where the labels are right already, it proves only.</summary>
    /// <exception cref="MeshException"><c>InjectionContradicted</c>: a tried pod got something else. The labels stay as they were set.</exception>
    public async Task<InjectionChange> ApplyAsync(InjectionChange plan, CancellationToken cancellationToken)
    {
        var isChange = plan.Action == PlanAction.Update;
        if (isChange)
        {
            // What another hand did since the plan was made counts: the patch is made from the newest labels.
            var live = await api.GetAsync(Reference(plan.Namespace), cancellationToken) ?? throw InjectionErrors.NamespaceNotFound(plan.Namespace);
            if (InjectionLabels.Patch(live, plan.Choice) is { } patch)
                await api.MergePatchAsync(live.Reference, patch, new WriteOptions { FieldManager = Manager }, cancellationToken);
        }

        try
        {
            var waits = new MeshWaits(api, InjectionText.Activity, timeout, TimeProvider.System, log);
            var isProven = await waits.InjectedAsync(plan.Namespace, plan.Revision, cancellationToken);
            return plan with { Applied = isChange, Proof = isProven ? InjectionProof.Proven : InjectionProof.Refused };
        }
        catch (MeshException error) when (error.Id == nameof(PlanningText.WaitTimeout))
        {
            throw InjectionErrors.Contradicted(plan, error);
        }
    }

    private async Task CheckAsync(string ns, InjectionChoice choice, InjectionVerdict verdict, CancellationToken cancellationToken)
    {
        if (verdict.Webhooks.Count == 0)
            throw InjectionErrors.RevisionNotInstalled(ns, choice, _resolver.Webhooks.SelectMany(webhook => new[] { webhook.Revision, webhook.Tag }).OfType<string>());
        if (verdict.Webhooks.Count > 1)
            throw InjectionErrors.Twice(ns, verdict.Reason);
        if (!verdict.InjectorAccepts)
            throw InjectionErrors.NotInjectable(ns, verdict.Reason);
        var webhook = verdict.Webhooks[0];
        if (webhook.Service.Length > 0 && await api.GetAsync(new ObjectReference("", "Service", webhook.ServiceNamespace, webhook.Service), cancellationToken) is null)
            throw InjectionErrors.ServiceMissing(ns, webhook);
    }

    // A pod without labels of its own: what the namespace alone says.
    private InjectionVerdict Resolve(string ns, LabelSet labels) => _resolver.Resolve(ns, labels, LabelSet.Empty, LabelSet.Empty, hostNetwork: false);

    private MeshInjection[] Workloads(string ns, LabelSet labels) =>
    [
        .. new InjectionReport(snapshot with
        {
            Namespaces = [new NamespaceRecord { Namespace = "", Name = ns, Labels = labels }],
            Pods = [.. snapshot.Pods.Where(pod => pod.Namespace == ns)],
        }).Rows(),
    ];

    private static ObjectReference Reference(string ns) => new("", "Namespace", null, ns);

    private static LabelSet LabelsOf(KubernetesObject item) => LabelSet.Create([.. Pairs(item)]);

    private static IEnumerable<KeyValuePair<string, string>> Pairs(KubernetesObject item) =>
        (item.Json["metadata"]?["labels"] as JsonObject ?? []).Select(label => KeyValuePair.Create(label.Key, (string?)label.Value ?? ""));
}
