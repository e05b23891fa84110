using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>The namespaces of the cluster.</summary>
public sealed class NamespaceCompleter : MeshCompleter
{
    // Known without discovery, which would be one more request.
    private static readonly ApiResource Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        using var api = KubernetesApiFactory.Create(kubeconfig, context);
        var candidates = new List<CompletionCandidate>();
        await foreach (var item in api.ListAsync(Namespaces, @namespace: null, ListOptions.All, cancellationToken))
            candidates.Add(new CompletionCandidate(item.Name, ToolTip(item)));
        return candidates;
    }

    private static string ToolTip(KubernetesObject item) =>
        (item.Label("istio.io/rev"), item.Label("istio-injection")) switch
        {
            ({ } revision, _) => $"Namespace {item.Name}, injection by {revision}",
            (_, { } injection) => $"Namespace {item.Name}, injection {injection}",
            _ => $"Namespace {item.Name}, no injection label",
        };
}
