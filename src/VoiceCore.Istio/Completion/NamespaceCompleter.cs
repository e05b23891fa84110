using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The namespaces of the cluster.</summary>
public sealed class NamespaceCompleter : MeshCompleter
{
    private static readonly ApiResource Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        (await ClusterObjects.ReadAsync(kubeconfig, context, Namespaces, cancellationToken))
            .Select(item => new CompletionCandidate(item.Name, ToolTip(item)))
            .ToArray();

    // With both labels, istio-injection is the one that counts.
    private static string ToolTip(KubernetesObject item) => (item.Label(IstioNames.Injection), item.Label(IstioNames.Revision)) switch
    {
        ({ } injection, _) => $"Namespace {item.Name}, {IstioNames.Injection}={injection}",
        (_, { } revision) => $"Namespace {item.Name}, {IstioNames.Revision}={revision}",
        _ => $"Namespace {item.Name}, no injection label",
    };
}
