using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The clusters that requests (or connections) to a port of a service really go to: a VirtualService may lead them to subsets, which have TLS settings and
/// endpoints of their own.
/// </summary>
internal sealed class RoutedClusters(MeshResolution mesh, ClientGroups clients)
{
    private readonly GatewayRoutes _gateways = new(mesh.Snapshot);

    /// <summary>The clusters of clients for whom one rule wins. Client by client they are found only where subsets could make a difference.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Its port.</param>
    /// <param name="rule">The rule that wins.</param>
    /// <param name="endpointsDiffer">Whether it makes a difference which endpoints are reached.</param>
    /// <param name="asked">The clients.</param>
    internal IEnumerable<RoutedClients> Of(
        RegisteredService service, RegisteredPort port, EffectiveRule? rule, bool endpointsDiffer, ClientSet asked)
    {
        var gateways = asked & clients.Gateways;
        if (gateways.IsEmpty)
            return Of(service, port, rule, endpointsDiffer, asked, ofGateway: false);
        var others = asked - gateways;
        return Of(service, port, rule, endpointsDiffer, gateways, ofGateway: true).Concat(others.IsEmpty ? [] : Of(service, port, rule, endpointsDiffer, others, ofGateway: false));
    }

    private IEnumerable<RoutedClients> Of(
        RegisteredService service, RegisteredPort port, EffectiveRule? rule, bool endpointsDiffer, ClientSet asked, bool ofGateway)
    {
        if (rule is null || !rule.Subsets.Any(subset => endpointsDiffer || DecidesTls(subset.Policy, port.Number)))
            return [new RoutedClients([new OutboundCluster(mesh, service, port, rule, subset: null, ofGateway)], asked)];
        return asked.Places()
            .GroupBy(place => string.Join(',', Destinations(clients.Clients[place], service, port).Select(target => $"{target.Port}/{target.Subset}").Distinct().Order(StringComparer.Ordinal)))
            .Select(group => new RoutedClients(
                Clusters(service, port, rule, Destinations(clients.Clients[group.First()], service, port), ofGateway),
                ClientSet.Of(group)));
    }

    private OutboundCluster[] Clusters(RegisteredService service, RegisteredPort port, EffectiveRule rule, IEnumerable<RouteCluster> destinations, bool ofGateway)
    {
        OutboundCluster[] routed =
        [
            .. from target in destinations.DistinctBy(target => (target.Port, target.Subset))
               let targetPort = service.Port(target.Port)
               let subset = rule.Subsets.FirstOrDefault(subset => subset.Name == target.Subset)

               // Requests to a port or subset that is not there reach nobody.
               where targetPort is not null && (target.Subset.Length == 0 || subset is not null)
               select new OutboundCluster(mesh, service, targetPort, rule, subset, ofGateway),
        ];
        return routed.Length > 0 ? routed : [new OutboundCluster(mesh, service, port, rule, subset: null, ofGateway)];
    }

    // Routes look at the labels of single pods. What leads to other services is their matter.
    private IEnumerable<RouteCluster> Destinations(MeshClient client, RegisteredService service, RegisteredPort port) => client.IsGateway
        ? _gateways.To(service, port, client)
        : from labels in client.Pods.Select(pod => pod.Labels).Distinct()
        from target in Destinations(mesh.Scopes.Of(client.Namespace, client.Labels), labels, service, port)
        where target.Host == service.Host
        select target;

    private IEnumerable<RouteCluster> Destinations(ClientScope scope, LabelSet labels, RegisteredService service, RegisteredPort port) => port.Protocol.HasRoutes()
        ? new ClientRoutes(mesh.Snapshot.Mesh, scope, labels).Of(service, port)?.SelectMany(route => route.Clusters) ?? []
        : new ClientConnections(scope, labels).Of(service, port);

    private static bool DecidesTls(TrafficPolicy? policy, int port) =>
        policy is not null && (policy.Tls is not null || policy.LoadBalancer is { Simple: "PASSTHROUGH" } || policy.Ports.Any(entry => entry.Port == port));
}

/// <summary>Clients whose requests go to the same clusters.</summary>
/// <param name="Clusters">The clusters.</param>
/// <param name="Clients">The clients.</param>
internal sealed record RoutedClients(OutboundCluster[] Clusters, ClientSet Clients);
