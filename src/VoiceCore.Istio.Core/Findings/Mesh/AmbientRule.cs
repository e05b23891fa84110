using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Pods between sidecar and ambient mode, waypoints that do not exist, and what needs one. Source: Kiali's checkers of ambient mode
/// (business/checkers/ambient, business/checkers/ambient_policy_checker.go).
/// </summary>
internal sealed class AmbientRule : IMeshRule
{
    private const string Ambient = "ambient";
    private const string None = "none";

    public IEnumerable<Finding> Check(MeshIndex mesh) => Modes(mesh).Concat(Waypoints(mesh)).Concat(Policies(mesh));

    private static IEnumerable<Finding> Modes(MeshIndex mesh) =>
        from pod in mesh.Pods.Where(pod => pod.HasSidecar).DistinctBy(MeshIndex.Workload)
        let reason = pod.Labels[IstioNames.DataPlaneMode] switch
        {
            Ambient => "its own label says so",
            None => null,
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
               where IsName(name)
               let key = $"{entry.Item3.Labels["istio.io/use-waypoint-namespace"] ?? entry.Item2}/{name}"
               where !gateways.Contains(key)
               select MeshIndex.Unless(mesh.Snapshot.IsComplete || gateways.Count > 0, "Gateway", AmbientFindings.WaypointUnknown.At(entry.Item1, key));
    }

    private static IEnumerable<Finding> Policies(MeshIndex mesh)
    {
        var snapshot = mesh.Snapshot;
        var ambient = snapshot.Namespaces.Where(MeshIndex.IsAmbient).Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        if (ambient.Count == 0)
            return [];
        var served = snapshot.Namespaces.Select(item => (item.Name, item.Labels))
            .Concat(snapshot.Services.Select(item => (Name: item.Namespace, item.Labels)))
            .Where(item => IsName(item.Labels[IstioNames.UseWaypoint]))
            .Select(item => item.Name)
            .ToHashSet(StringComparer.Ordinal);
        var policies = snapshot.AuthorizationPolicies.Where(policy => policy.Targets.Count == 0 && IsAboutRequests(policy)).Cast<IstioObject>()
            .Concat(snapshot.RequestAuthentications.Where(policy => policy.Targets.Count == 0))
            .Concat(snapshot.OtherIstioObjects.Where(item => item.Kind == "WasmPlugin" && !TelemetryRule.HasTargets(item)));
        // A waypoint takes these without being named.
        var traffic = snapshot.VirtualServices.Where(service => service.Http.Count > 0 && (service.Gateways.Count == 0 || service.Gateways.Contains(IstioNames.MeshGateway))).Cast<IstioObject>()
            .Concat(snapshot.DestinationRules.Where(rule => rule.Policy is { ConnectionPool: not null } or { OutlierDetection: not null }));
        return policies.Where(item => ambient.Contains(item.Namespace))
            .Select(item => served.Contains(item.Namespace)
                ? AmbientFindings.TargetMissing.At(item.ToString(), item.Kind)
                : AmbientFindings.WaypointMissing.At(item.ToString(), item.Kind, item.Namespace))
            .Concat(traffic.Where(item => ambient.Contains(item.Namespace) && !served.Contains(item.Namespace))
                .Select(item => AmbientFindings.WaypointMissing.At(item.ToString(), item.Kind, item.Namespace)));
    }

    private static bool IsName(string? waypoint) => waypoint is { Length: > 0 } and not None;

    private static bool IsAboutRequests(AuthorizationPolicy policy) => policy.Rules.Any(rule =>
        rule.To.Any(operation => !operation.Methods.IsEmpty || !operation.Paths.IsEmpty || !operation.Hosts.IsEmpty)
        || rule.From.Any(source => !source.RequestPrincipals.IsEmpty || !source.RemoteIpBlocks.IsEmpty)
        || rule.When.Any(condition => condition.Key.StartsWith("request.", StringComparison.Ordinal)));
}
