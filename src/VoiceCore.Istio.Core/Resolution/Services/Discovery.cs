using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// What istiod takes notice of: with <c>discoverySelectors</c> in the mesh config, objects of the namespaces that any of them matches.
/// Source: pkg/kube/namespace/filter.go.
/// </summary>
internal static class Discovery
{
    /// <summary>What services are exported to that no proxy is told of.</summary>
    internal static readonly IReadOnlyList<string> Hidden = ["~"];

    /// <summary>The snapshot without what istiod passes over. Services stay, unknown to every proxy, so that calls to them can be judged; so do pods.</summary>
    internal static MeshSnapshot Of(MeshSnapshot snapshot)
    {
        var selectors = snapshot.Mesh.DiscoverySelectors;
        if (selectors.Count == 0)
            return snapshot;
        var namespaces = snapshot.Namespaces.Where(item => selectors.Any(selector => selector.Matches(item.Labels))).Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        return snapshot with
        {
            Services = snapshot.Services.Select(service => namespaces.Contains(service.Namespace) ? service : service with { ExportTo = Hidden }).ToArray(),
            PeerAuthentications = Seen(snapshot.PeerAuthentications),
            RequestAuthentications = Seen(snapshot.RequestAuthentications),
            AuthorizationPolicies = Seen(snapshot.AuthorizationPolicies),
            DestinationRules = Seen(snapshot.DestinationRules),
            VirtualServices = Seen(snapshot.VirtualServices),
            Sidecars = Seen(snapshot.Sidecars),
            ServiceEntries = Seen(snapshot.ServiceEntries),
            WorkloadEntries = Seen(snapshot.WorkloadEntries),
        };

        T[] Seen<T>(IReadOnlyList<T> objects)
            where T : MeshObject => objects.Where(item => namespaces.Contains(item.Namespace)).ToArray();
    }
}
