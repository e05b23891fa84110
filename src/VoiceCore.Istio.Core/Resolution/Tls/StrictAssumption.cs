using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A mesh as it would be if namespaces asked for mutual TLS.</summary>
public static class StrictAssumption
{
    /// <summary>
    /// The snapshot with a PeerAuthentication <c>STRICT</c> in place of the namespaces' own; policies of workloads and ports stay, as they
    /// would. The root namespace stands for the mesh.
    /// </summary>
    public static MeshSnapshot Apply(MeshSnapshot snapshot, IReadOnlyCollection<string> namespaces) => namespaces.Count == 0 ? snapshot : snapshot with
    {
        PeerAuthentications =
        [
            .. snapshot.PeerAuthentications.Where(policy => policy.HasSelector || !namespaces.Contains(policy.Namespace)),
            .. namespaces.Select(name => new PeerAuthentication
            {
                Namespace = name,
                Name = "assumed-strict",
                Kind = "PeerAuthentication",
                ApiVersion = "security.istio.io/v1",
                Mode = MutualTlsMode.Strict,
            }),
        ],
    };
}
