using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Completion;

/// <summary>Reads the objects whose names completers offer.</summary>
internal static class ClusterObjects
{
    /// <summary>All objects of a kind that is known without discovery, which would be one more request; only their metadata comes.</summary>
    internal static async Task<IReadOnlyList<KubernetesObject>> ReadAsync(
        string? kubeconfig, string? context, ApiResource resource, CancellationToken cancellationToken, string? labelSelector = null)
    {
        using var api = KubernetesApiFactory.Create(kubeconfig, context);
        var objects = new List<KubernetesObject>();
        await foreach (var item in api.ListAsync(resource, @namespace: null, new ListOptions { LabelSelector = labelSelector, MetadataOnly = true }, cancellationToken))
            objects.Add(item);
        return objects;
    }
}
