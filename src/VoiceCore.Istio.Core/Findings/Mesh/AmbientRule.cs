using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Pods between sidecar and ambient mode, and waypoints that do not exist. Source: Kiali's checker of workloads in ambient mode
/// (business/checkers/ambient/ambient_workload_checker.go).
/// </summary>
internal sealed class AmbientRule : IMeshRule
{
    private const string Ambient = "ambient";

    public IEnumerable<Finding> Check(MeshIndex mesh) => Modes(mesh).Concat(Waypoints(mesh));

    private static IEnumerable<Finding> Modes(MeshIndex mesh) =>
        from pod in mesh.Pods.Where(pod => pod.HasSidecar).DistinctBy(MeshIndex.Workload)
        let reason = pod.Labels[IstioNames.DataPlaneMode] switch
        {
            Ambient => "its own label says so",
            MeshIndex.NoWaypoint => null,
            _ when MeshIndex.IsAmbient(pod) => "it is already redirected",
            _ => MeshIndex.IsAmbient(mesh.Namespace(pod.Namespace)) ? $"the label of {pod.Namespace} says so" : null,
        }
        where reason is not null
        select AmbientFindings.TwoModes.At($"Pod {pod.Key}", reason);

    private static IEnumerable<Finding> Waypoints(MeshIndex mesh)
    {
        var gateways = mesh.Snapshot.GatewayApiObjects.Where(item => item.Kind == "Gateway").Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        var items = mesh.Snapshot.Namespaces.Select(item => ($"Namespace {item.Name}", item.Name, (MeshObject)item))
            .Concat(mesh.Snapshot.Services.Select(item => ($"Service {item.Key}", item.Namespace, (MeshObject)item)))
            .Concat(mesh.Snapshot.ServiceEntries.Select(item => (item.ToString(), item.Namespace, (MeshObject)item)))
            .Concat(mesh.Pods.DistinctBy(MeshIndex.Workload).Select(item => ($"Pod {item.Key}", item.Namespace, (MeshObject)item)));
        return from entry in items
               let name = entry.Item3.Labels[IstioNames.UseWaypoint]
               where MeshIndex.NamesWaypoint(name)
               let key = $"{entry.Item3.Labels[IstioNames.UseWaypointNamespace] ?? entry.Item2}/{name}"
               where !gateways.Contains(key)
               select MeshIndex.Unless(mesh.Snapshot.IsComplete || gateways.Count > 0, "Gateway", AmbientFindings.WaypointUnknown.At(entry.Item1, key));
    }
}
