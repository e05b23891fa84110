using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Routes of the Gateway API to and from what does not exist. Source: Kiali's checkers k8shttproutes and k8sgrpcroutes (business/checkers).</summary>
internal sealed class GatewayApiRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var gateways = mesh.Snapshot.GatewayApiObjects.Where(item => item.Kind == "Gateway").ToDictionary(item => item.Key, StringComparer.Ordinal);
        var services = mesh.Snapshot.Services.Select(service => service.Key).ToHashSet(StringComparer.Ordinal);
        return mesh.Snapshot.GatewayApiObjects
            .Where(item => item.Kind is "HTTPRoute" or "GRPCRoute")
            .SelectMany(route => ObjectSpec.Read(route, spec => Parents(mesh, route, spec, gateways).Concat(Refusals(mesh, route, spec, gateways)).Concat(Backends(mesh, route, spec, services)).ToArray()));
    }

    private static IEnumerable<Finding> Parents(MeshIndex mesh, IstioObject route, JsonElement spec, Dictionary<string, IstioObject> gateways) =>
        References(route, spec.Items("parentRefs"), "Gateway")
            .Where(key => !gateways.ContainsKey(key))
            .Select(key => MeshIndex.Unless(mesh.Snapshot.IsComplete || Holds(gateways.Keys, key), "Gateway of that namespace", RouteFindings.ParentUnknown.At(route.ToString(), key)));

    private static IEnumerable<Finding> Refusals(MeshIndex mesh, IstioObject route, JsonElement spec, Dictionary<string, IstioObject> gateways) =>
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

    private static IEnumerable<Finding> Backends(MeshIndex mesh, IstioObject route, JsonElement spec, HashSet<string> services) =>
        References(route, spec.Items("rules").SelectMany(rule => rule.Items("backendRefs")), "Service")
            .Union(References(route, spec.Items("parentRefs").Where(parent => parent.Text("kind") == "Service"), "Service"))
            .Where(key => !services.Contains(key))
            .Select(key => MeshIndex.Unless(mesh.Snapshot.IsComplete || Holds(services, key), "Service of that namespace", RouteFindings.BackendUnknown.At(route.ToString(), key)));

    private static IEnumerable<string> References(IstioObject route, IEnumerable<JsonElement> references, string kind) => references
        .Where(reference => reference.Text("kind", kind) == kind)
        .Select(reference => $"{reference.Text("namespace", route.Namespace)}/{reference.Text("name")}")
        .Distinct();

    private static bool Holds(IEnumerable<string> keys, string key) => keys.Any(known => known.StartsWith(key[..(key.IndexOf('/') + 1)], StringComparison.Ordinal));
}
