using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>The revisions that inject in the cluster, and the tags that point to them.</summary>
public sealed class RevisionCompleter : MeshCompleter
{
    // Known without discovery, which would be one more request.
    private static readonly ApiResource Webhooks =
        new("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", Namespaced: false, ["list"]);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<CompletionCandidate>> ReadAsync(string? kubeconfig, string? context, CancellationToken cancellationToken)
    {
        using var api = KubernetesApiFactory.Create(kubeconfig, context);
        var candidates = new Dictionary<string, CompletionCandidate>();
        await foreach (var item in api.ListAsync(Webhooks, @namespace: null, new ListOptions { LabelSelector = IstioNames.Revision, MetadataOnly = true }, cancellationToken))
        {
            var revision = item.Label(IstioNames.Revision)!;
            candidates[revision] = new CompletionCandidate(revision, $"Revision {revision}");
            if (item.Label(IstioNames.Tag) is { } tag)
                candidates[tag] = new CompletionCandidate(tag, $"Tag {tag}, revision {revision}");
        }

        return [.. candidates.Values];
    }
}
