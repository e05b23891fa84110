using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Policies, routes and rules about requests in ambient mode, where only a waypoint carries them out. Sources: Kiali's checker of them
/// (business/checkers/ambient_policy_checker.go, business/checkers/ambient/l7_classification.go), and getVirtualServiceForWaypoint in
/// pilot/pkg/networking/core/listener_waypoint.go of Istio.
/// </summary>
internal sealed class AmbientPolicyRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.Namespaces.Any(MeshIndex.IsAmbient) ? Policies(mesh.Snapshot).SelectMany(policy => OfPolicy(mesh, policy)).Concat(Routes(mesh)) : [];

    private static IEnumerable<Policy> Policies(MeshSnapshot snapshot) =>
        snapshot.AuthorizationPolicies.Where(IsAboutRequests).Select(item => new Policy(item, item.Selector, item.Targets))
            .Concat(snapshot.RequestAuthentications.Select(item => new Policy(item, item.Selector, item.Targets)))
            .Concat(snapshot.OtherIstioObjects
                .Where(item => item.Kind == "WasmPlugin" || (item.Kind == "Telemetry" && ObjectSpec.Read(item, IsAboutRequests)))
                .Select(item => ObjectSpec.Read(item, spec => new Policy(item, IstioObjectReader.Selector(spec, new StringPool()), IstioObjectReader.Targets(spec)))));

    private static IEnumerable<Finding> OfPolicy(MeshIndex mesh, Policy policy)
    {
        var (item, selector, targets) = policy;
        if (mesh.Namespace(item.Namespace) is not { } owner || !MeshIndex.IsAmbient(owner))
            yield break;
        // A Telemetry without selector is for the waypoints of its namespace too (namespaceWideTelemetry in pilot/pkg/model/telemetry.go).
        if (targets.Count == 0 && (item.Kind != "Telemetry" || selector is { Count: > 0 }))
            yield return AmbientFindings.TargetMissing.At(item.ToString(), item.Kind);
        if (Unserved(mesh, owner, selector ?? LabelSet.Empty, targets) is { } place)
            yield return AmbientFindings.WaypointMissing.At(item.ToString(), item.Kind, place);
    }

    // What of a policy's targets, or else of the pods it selects, or else the namespace, uses no waypoint; null where all do.
    private static string? Unserved(MeshIndex mesh, NamespaceRecord owner, LabelSet selector, IReadOnlyList<PolicyTarget> targets)
    {
        if (targets.Any(target => target.Kind == "Gateway"))
            return null;
        var services = targets
            .Where(target => target is { Kind: "Service", Group: "" or "core" })
            .Select(target => mesh.Service(target.Name, owner.Name))
            .OfType<ServiceRecord>()
            .ToArray();
        if (services.Length > 0)
            return Array.Find(services, service => !UsesWaypoint(mesh, service)) is { } service ? Place(service) : null;
        var pods = selector.Count == 0 ? [] : mesh.WorkloadsWith(owner.Name, selector).Where(pod => !IsWaypoint(pod)).ToArray();
        if (pods.Length == 0)
            return UsesWaypoint(mesh, owner) ? null : Place(owner);
        return Array.Find(pods, pod => pod.Labels[IstioNames.DataPlaneMode] != MeshIndex.NoWaypoint && !UsesWaypoint(mesh, pod)) is { } open ? $"the pod {open.Name}" : null;
    }

    private static IEnumerable<Finding> Routes(MeshIndex mesh) =>
        mesh.Snapshot.VirtualServices.Where(IsAboutRequests).SelectMany(item => OfHosts(mesh, item, item.Hosts))
            .Concat(mesh.Snapshot.DestinationRules
                .Where(item => ObjectSpec.Read(item, spec => IsPolicyAboutRequests(spec.Field("trafficPolicy")) || spec.Items("subsets").Any(subset => IsPolicyAboutRequests(subset.Field("trafficPolicy")))))
                .SelectMany(item => OfHosts(mesh, item, [item.Host])));

    private static IEnumerable<Finding> OfHosts(MeshIndex mesh, IstioObject item, IReadOnlyList<string> hosts)
    {
        var services = hosts
            .Select(host => mesh.Service(host, item.Namespace))
            .OfType<ServiceRecord>()
            .Where(service => MeshIndex.IsAmbient(mesh.Namespace(service.Namespace)))
            .Distinct()
            .ToArray();
        foreach (var service in services)
        {
            if (item.Namespace != service.Namespace && item.Namespace != WaypointOwner(mesh, service) && !(item is DestinationRule && item.Namespace == mesh.Snapshot.Mesh.RootNamespace))
                yield return AmbientFindings.RouteElsewhere.At(item.ToString(), item.Kind, service.Key, service.Namespace);
            if (!UsesWaypoint(mesh, service))
                yield return AmbientFindings.WaypointMissing.At(item.ToString(), item.Kind, Place(service));
        }

        if (services.Length == 0 && mesh.Namespace(item.Namespace) is { } owner && MeshIndex.IsAmbient(owner) && !UsesWaypoint(mesh, owner))
            yield return AmbientFindings.WaypointMissing.At(item.ToString(), item.Kind, Place(owner));
    }

    private static string Place(MeshObject item) => item is ServiceRecord ? $"the service {item.Key}" : $"the namespace {item.Name}";

    // The label of the object itself comes before that of its namespace.
    private static bool UsesWaypoint(MeshIndex mesh, MeshObject item) =>
        MeshIndex.NamesWaypoint(item.Labels[IstioNames.UseWaypoint] ?? mesh.Namespace(item.Namespace)?.Labels[IstioNames.UseWaypoint]);

    private static string WaypointOwner(MeshIndex mesh, ServiceRecord service)
    {
        var labels = service.Labels[IstioNames.UseWaypoint] is null ? mesh.Namespace(service.Namespace)?.Labels ?? LabelSet.Empty : service.Labels;
        return labels[IstioNames.UseWaypointNamespace] ?? service.Namespace;
    }

    private static bool IsWaypoint(PodRecord pod) => pod.Labels["gateway.istio.io/managed"] == "istio.io-mesh-controller";

    private static bool IsAboutRequests(AuthorizationPolicy policy) => policy.Rules.Any(rule =>
        rule.To.Any(operation => !operation.Methods.IsEmpty || !operation.Paths.IsEmpty || !operation.Hosts.IsEmpty)
        || rule.From.Any(source => !source.RequestPrincipals.IsEmpty || !source.RemoteIpBlocks.IsEmpty)
        || rule.When.Any(condition => condition.Key.StartsWith("request.", StringComparison.Ordinal)));

    private static bool IsAboutRequests(VirtualService service) =>
        (service.Gateways.Count == 0 || service.Gateways.Contains(IstioNames.MeshGateway))
        && (service.Http.Count > 0 || ObjectSpec.Read(service, spec => spec.Items("tls").Any()));

    // Of a Telemetry.
    private static bool IsAboutRequests(JsonTree spec) =>
        spec.Items("tracing").Any() || spec.Items("accessLogging").Any() || spec.Items("metrics").Any(metric => metric.Items("overrides").Any());

    // Of a DestinationRule.
    private static bool IsPolicyAboutRequests(JsonTree? policy) =>
        policy.Field("connectionPool").Field("http") is not null
        || policy.Field("outlierDetection") is not null
        || (policy.Field("loadBalancer").Field("consistentHash") is { } hash && (hash.Field("httpHeaderName") ?? hash.Field("httpCookie")) is not null);

    private sealed record Policy(IstioObject Item, LabelSet? Selector, IReadOnlyList<PolicyTarget> Targets);
}
