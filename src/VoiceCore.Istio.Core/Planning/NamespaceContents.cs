using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>Looks whether a namespace holds anything that an uninstall must not take with it. Reads metadata only, of secrets too.</summary>
internal sealed class NamespaceContents(KubernetesApi api)
{
    private const int Named = 3;

    // Written by Kubernetes about other objects.
    private static readonly string[] Derived = ["Event", "Endpoints", "EndpointSlice"];

    /// <summary>Why the namespace has to stay; null where nothing in it is of others.</summary>
    internal async Task<string?> ReasonToKeepAsync(string ns, Func<KubernetesObject, bool> goes, CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiResource> resources;
        try
        {
            resources = await api.ListResourcesAsync(cancellationToken);
        }
        catch (MeshException error) when (error.Id == nameof(KubernetesText.GroupUnavailable))
        {
            return MeshException.Format(PlanningText.NamespaceUnknown, error.Target);
        }

        var foreign = new List<string>();
        foreach (var resource in resources)
        {
            if (!resource.Namespaced || Derived.Contains(resource.Kind) || !resource.Verbs.Contains("list") || !resource.Verbs.Contains("delete"))
                continue;
            try
            {
                await foreach (var item in api.ListAsync(resource, ns, new ListOptions { MetadataOnly = true }, cancellationToken))
                {
                    if (!goes(item))
                        foreign.Add($"{item.Kind} {item.Name}");
                }
            }
            catch (MeshException error) when (error.Id == nameof(KubernetesText.ClusterForbidden))
            {
                return MeshException.Format(PlanningText.NamespaceUnseen, resource.Plural);
            }
        }

        return foreign.Count == 0 ? null : MeshException.Format(
            PlanningText.NamespaceInUse,
            string.Join(", ", foreign.Take(Named)) + (foreign.Count > Named ? ", …" : ""));
    }
}
