using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>Service accounts as <c>namespace/name</c>: the cluster's, of a snapshot those of its pods.</summary>
public sealed class AccountCompleter : MeshStateCompleter
{
    private static readonly ApiResource Accounts = new("", "v1", "serviceaccounts", "ServiceAccount", Namespaced: true, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken) =>
        Candidates((await ClusterObjects.ReadAsync(kubeconfig, context, Accounts, cancellationToken)).Select(account => (account.Namespace!, account.Name)));

    /// <inheritdoc/>
    protected override IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh) =>
        Candidates(mesh.Pods.Select(pod => (pod.Namespace, pod.ServiceAccount)).Distinct().Order());

    private static CompletionCandidate[] Candidates(IEnumerable<(string Namespace, string Name)> accounts) =>
        [.. accounts.Select(account => new CompletionCandidate($"{account.Namespace}/{account.Name}", $"Service account {account.Name} in namespace {account.Namespace}"))];
}
