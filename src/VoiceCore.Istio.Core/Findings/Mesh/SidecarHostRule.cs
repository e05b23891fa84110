using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Sidecars that let through hosts that do not exist. Source: Kiali's checker of egress listeners (business/checkers/sidecars).</summary>
internal sealed class SidecarHostRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        from sidecar in mesh.Snapshot.Sidecars
        from host in sidecar.Egress.SelectMany(egress => egress.Hosts).Distinct()
        where host.Split('/', 2) is [_, not "*"] && IsUnknown(mesh, sidecar, host)
        select MeshIndex.Unless(
            mesh.KnowsHost(host.Split('/', 2)[1], sidecar.Namespace), "service of that namespace, or ServiceEntry,", RouteFindings.EgressHostUnknown.At(sidecar.ToString(), host));

    private static bool IsUnknown(MeshIndex mesh, Sidecar sidecar, string host)
    {
        var name = host.Split('/', 2)[1];
        return name.StartsWith('*') ? !mesh.HasHostsLike(name) : !mesh.HostExists(name, sidecar.Namespace, []);
    }
}
