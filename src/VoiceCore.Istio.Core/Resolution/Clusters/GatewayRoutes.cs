using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Where gateways lead requests and connections: VirtualServices for the Gateways that their pods carry out.
/// Source: <c>VirtualServicesForGateway</c> in pilot/pkg/model/push_context.go, <c>buildGatewayHTTPRouteConfig</c> in
/// pilot/pkg/networking/core/gateway.go.
/// </summary>
internal sealed class GatewayRoutes
{
    private readonly MeshSnapshot _snapshot;
    private readonly Lazy<MeshVirtualService[]> _virtualServices;
    private readonly Lazy<Dictionary<string, GatewayRecord>> _gateways;

    internal GatewayRoutes(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _virtualServices = new(() =>
        {
            var delegates = new VirtualServiceDelegates(snapshot);
            return snapshot.VirtualServices.Where(record => record.Hosts.Count > 0 && record.Gateways.Any(name => name != IstioNames.MeshGateway))
                .Select(record => new MeshVirtualService(record, delegates.Routes(record), snapshot.ClusterDomain)).ToArray();
        });
        _gateways = new(() => snapshot.Gateways.ToDictionary(gateway => gateway.Key, StringComparer.Ordinal));
    }

    /// <summary>The clusters of a service that they lead to; on its other ports only what is said to be for them.</summary>
    internal IEnumerable<RouteCluster> To(RegisteredService service, RegisteredPort port, MeshClient client) =>
        from rule in _virtualServices.Value
        where IsVisible(rule.Record, client.Namespace) && rule.Record.Gateways.Any(name => IsCarriedOut(name, rule.Record.Namespace, client.Labels))
        from destination in rule.Http.SelectMany(route => route.Destinations).Concat(rule.Record.Connections)
        where rule.Complete(destination.Host) == service.Host && (destination.Port == 0 || destination.Port == port.Number)
        select new RouteCluster(service.Host, port.Number, destination.Subset, destination.Weight);

    private bool IsVisible(VirtualService record, string @namespace) =>
        (record.ExportTo.Count > 0 ? record.ExportTo : _snapshot.Mesh.DefaultVirtualServiceExportTo)
        .Any(target => target == "*" || (target == "." ? record.Namespace : target) == @namespace);

    private bool IsCarriedOut(string name, string @namespace, LabelSet labels) =>
        _gateways.Value.TryGetValue(name.Contains('/') ? name : $"{@namespace}/{name}", out var gateway) && labels.Matches(gateway.Selector ?? LabelSet.Empty);
}
