using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A host that a ServiceEntry adds to the mesh's services.</summary>
/// <param name="Namespace">The ServiceEntry's namespace.</param>
/// <param name="Host">The host, which can be a wildcard.</param>
/// <param name="IsExternal">Outside of the mesh, which is what a ServiceEntry says by default.</param>
public sealed record ServiceHost(string Namespace, string Host, bool IsExternal)
{
    /// <summary>All of a snapshot, in the order of its ServiceEntries.</summary>
    public static IEnumerable<ServiceHost> Of(MeshSnapshot snapshot) =>
        snapshot.ServiceEntries.SelectMany(entry => entry.Hosts.Select(host => new ServiceHost(entry.Namespace, host, !entry.IsMeshInternal)))
            .DistinctBy(host => (host.Namespace, host.Host));
}
