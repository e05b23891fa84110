using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Routes of the Gateway API to and from what does not exist or does not take them. Source: Kiali's checkers k8shttproutes, k8sgrpcroutes and
/// k8sreferencegrants (business/checkers).
/// </summary>
internal sealed class GatewayApiRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var gateways = mesh.Snapshot.GatewayApiObjects.Where(item => item.Kind == "Gateway").ToDictionary(item => item.Key, StringComparer.Ordinal);
        var services = mesh.Snapshot.Services.Select(service => service.Key).ToHashSet(StringComparer.Ordinal);
        var grants = mesh.Snapshot.GatewayApiObjects.Where(item => item.Kind == "ReferenceGrant").ToLookup(item => item.Namespace, StringComparer.Ordinal);
        return mesh.Snapshot.GatewayApiObjects
            .Where(item => item.Kind is "HTTPRoute" or "GRPCRoute")
            .SelectMany(route => ObjectSpec.Read(route, spec => Parents(mesh, route, spec, gateways)
                .Concat(Refusals(mesh, route, spec, gateways))
                .Concat(Backends(mesh, route, spec, services))
                .Concat(Foreign(mesh, route, spec, services, grants))
                .ToArray()))
            .Concat(grants.SelectMany(group => group).SelectMany(grant => Callers(mesh, grant)));
    }

    // A service of another namespace must be granted; one that does not exist is said already. Routes of the mesh, whose parents are services,
    // need no grant (HTTPRouteCollection in pilot/pkg/config/kube/gateway/route_collections.go of Istio).
    private static IEnumerable<Finding> Foreign(MeshIndex mesh, IstioObject route, JsonTree spec, HashSet<string> services, ILookup<string, IstioObject> grants) =>
        References(route, !spec.Items("parentRefs").Any(parent => parent.Text("kind", "Gateway") == "Gateway") ? [] : spec.Items("rules").SelectMany(rule => rule.Items("backendRefs")), "Service")
            .Where(services.Contains)
            .Select(key => key.Split('/'))
            .Where(parts => parts[0] != route.Namespace
                && !grants[parts[0]].Any(grant => ObjectSpec.Read(grant, granted => Allows(granted, route, parts[1]))))
            .Select(parts => MeshIndex.Unless(
                mesh.Snapshot.IsComplete || grants.Contains(parts[0]),
                "ReferenceGrant of that namespace",
                RouteFindings.GrantMissing.At(route.ToString(), $"{parts[0]}/{parts[1]}", parts[0], route.Kind, route.Namespace)));

    private static bool Allows(JsonTree grant, IstioObject route, string service) =>
        grant.Items("from").Any(from => from.Text("kind") == route.Kind && from.Text("namespace") == route.Namespace)
        && grant.Items("to").Any(to => to.Text("kind") == "Service" && (to.Text("name") is not { Length: > 0 } name || name == service));

    private static IEnumerable<Finding> Callers(MeshIndex mesh, IstioObject grant) => mesh.Snapshot.Namespaces.Count == 0
        ? []
        : ObjectSpec.Read(grant, spec => spec.Items("from").Select(from => from.Text("namespace", "")).Distinct().ToArray())
            .Where(name => mesh.Namespace(name) is null)
            .Select(name => MeshIndex.Unless(mesh.Snapshot.IsComplete, "such namespace", RouteFindings.GrantNamespaceUnknown.At(grant.ToString(), name)));

    private static IEnumerable<Finding> Parents(MeshIndex mesh, IstioObject route, JsonTree spec, Dictionary<string, IstioObject> gateways) =>
        References(route, spec.Items("parentRefs"), "Gateway")
            .Where(key => !gateways.ContainsKey(key))
            .Select(key => MeshIndex.Unless(mesh.Snapshot.IsComplete || Holds(gateways.Keys, key), "Gateway of that namespace", RouteFindings.ParentUnknown.At(route.ToString(), key)));

    private static IEnumerable<Finding> Refusals(MeshIndex mesh, IstioObject route, JsonTree spec, Dictionary<string, IstioObject> gateways) =>
        spec.Items("parentRefs")
            .Where(parent => parent.Text("kind", "Gateway") == "Gateway")
            .Select(parent => (Key: $"{parent.Text("namespace", route.Namespace)}/{parent.Text("name")}", Section: parent.Text("sectionName")))
            .Where(parent => gateways.TryGetValue(parent.Key, out var gateway) && !Takes(mesh, gateway, parent.Section, route.Namespace))
            .Select(parent => parent.Key)
            .Distinct()
            .Select(key => RouteFindings.ParentRefuses.At(route.ToString(), key, route.Namespace));

    private static bool Takes(MeshIndex mesh, IstioObject gateway, string? section, string @namespace) => ObjectSpec.Read(gateway, spec =>
    {
        var listeners = spec.Items("listeners").Where(listener => string.IsNullOrEmpty(section) || listener.Text("name") == section).ToArray();
        return listeners.Length == 0 || Array.Exists(listeners, listener =>
        {
            var namespaces = listener.Field("allowedRoutes").Field("namespaces");
            return namespaces?.Text("from") switch
            {
                "All" => true,
                "None" => false,
                // A namespace that is not here may have the labels.
                "Selector" => mesh.Namespace(@namespace) is not { } item || WebhookReader.Selector(namespaces.Field("selector"), new StringPool()).Matches(item.Labels),
                _ => gateway.Namespace == @namespace,
            };
        });
    });

    private static IEnumerable<Finding> Backends(MeshIndex mesh, IstioObject route, JsonTree spec, HashSet<string> services) =>
        References(route, spec.Items("rules").SelectMany(rule => rule.Items("backendRefs")), "Service")
            .Union(References(route, spec.Items("parentRefs").Where(parent => parent.Text("kind") == "Service"), "Service"))
            .Where(key => !services.Contains(key))
            .Select(key => MeshIndex.Unless(mesh.Snapshot.IsComplete || Holds(services, key), "Service of that namespace", RouteFindings.BackendUnknown.At(route.ToString(), key)));

    private static IEnumerable<string> References(IstioObject route, IEnumerable<JsonTree> references, string kind) => references
        .Where(reference => reference.Text("kind", kind) == kind)
        .Select(reference => $"{reference.Text("namespace", route.Namespace)}/{reference.Text("name")}")
        .Distinct();

    private static bool Holds(IEnumerable<string> keys, string key) => keys.Any(known => known.StartsWith(key[..(key.IndexOf('/') + 1)], StringComparison.Ordinal));
}
