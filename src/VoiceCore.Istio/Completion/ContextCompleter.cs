using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>The contexts of the kubeconfig. Asks no cluster.</summary>
public sealed class ContextCompleter : MeshCompleter
{
    /// <inheritdoc/>
    protected override Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CompletionCandidate>>((Kubeconfig.Load(kubeconfig)?.Contexts ?? []).Select(Candidate).ToArray());

    private static CompletionCandidate Candidate(KubeconfigContext context) =>
        new(context.Name, $"Cluster {context.Cluster} ({context.Server}), user {context.User}, namespace {context.Namespace ?? "default"}");
}
