using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>The cluster's service accounts as <c>namespace/name</c>.</summary>
public sealed class AccountCompleter : MeshCompleter
{
    private static readonly ApiResource Accounts = new("", "v1", "serviceaccounts", "ServiceAccount", Namespaced: true, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        (await ClusterObjects.ReadAsync(kubeconfig, context, Accounts, cancellationToken))
            .Select(account => new CompletionCandidate($"{account.Namespace}/{account.Name}", $"Service account {account.Name} in namespace {account.Namespace}"))
            .ToArray();
}
