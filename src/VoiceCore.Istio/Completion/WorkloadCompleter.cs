using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>The names of the cluster's Deployments, StatefulSets and DaemonSets.</summary>
public sealed class WorkloadCompleter : MeshCompleter
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
        return lists.Zip(Kinds).SelectMany(list => list.First.Select(item => (item.Name, Text: $"{list.Second.Kind} {item.Namespace}/{item.Name}")))
            .GroupBy(item => item.Name)
            .Select(group => new CompletionCandidate(group.Key, string.Join(", ", group.Select(item => item.Text))))
            .ToArray();
    }
}
