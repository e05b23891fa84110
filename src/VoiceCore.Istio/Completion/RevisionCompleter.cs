using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The revisions that inject in the cluster, and the tags that point to them.</summary>
public sealed class RevisionCompleter : MeshCompleter
{
    private static readonly ApiResource Webhooks =
        new("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", Namespaced: false, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        var candidates = new Dictionary<string, CompletionCandidate>();
        foreach (var item in await ClusterObjects.ReadAsync(kubeconfig, context, Webhooks, cancellationToken, IstioNames.Revision))
        {
            var revision = item.Label(IstioNames.Revision)!;
            candidates[revision] = new CompletionCandidate(revision, $"Revision {revision}");
            if (item.Label(IstioNames.Tag) is { } tag)
                candidates[tag] = new CompletionCandidate(tag, $"Tag {tag}, revision {revision}");
        }

        return [.. candidates.Values];
    }
}
