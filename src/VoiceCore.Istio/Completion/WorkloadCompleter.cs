using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The names of workloads: the cluster's Deployments, StatefulSets and DaemonSets, of a snapshot whatever owns its pods.</summary>
public sealed class WorkloadCompleter : MeshStateCompleter
{
    private static readonly ApiResource[] Kinds =
    [
        new("apps", "v1", "deployments", "Deployment", Namespaced: true, ["list"]),
        new("apps", "v1", "statefulsets", "StatefulSet", Namespaced: true, ["list"]),
        new("apps", "v1", "daemonsets", "DaemonSet", Namespaced: true, ["list"]),
    ];

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(Kinds.Select(kind => ClusterObjects.ReadAsync(kubeconfig, context, kind, cancellationToken)));
        return Candidates(lists.Zip(Kinds).SelectMany(list => list.First.Select(item => (item.Name, $"{list.Second.Kind} {item.Namespace}/{item.Name}"))));
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh) =>
        Candidates(MeshWorkload.Of(mesh).Select(workload => (workload.Name, workload.ToString())));

    private static CompletionCandidate[] Candidates(IEnumerable<(string Name, string Text)> workloads) =>
        [.. workloads.GroupBy(item => item.Name).Select(group => new CompletionCandidate(group.Key, string.Join(", ", group.Select(item => item.Text))))];
}
