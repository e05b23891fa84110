using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Where a client's connections go on ports without routes of HTTP. Source: <c>buildSidecarOutboundTLSFilterChainOpts</c> and
/// <c>buildSidecarOutboundTCPFilterChainOpts</c> in pilot/pkg/networking/core/tls.go.
/// </summary>
internal sealed class ClientConnections(ClientScope scope, LabelSet labels)
{
    /// <summary>The clusters that connections to a service port can go to; none where the client does not import the service.</summary>
    internal IReadOnlyList<RouteCluster> Of(RegisteredService service, RegisteredPort port)
    {
        if (scope.ListenerOf(port.Number) is not { } listener || listener.Find(service.Host, port.Number) != service)
            return [];
        var rules = listener.VirtualServices.Where(rule => Array.Exists(rule.Hosts, host => HostName.Matches(host, service.Host)));
        var own = new RouteCluster(service.Host, port.Number, "", 0);
        var routed = port.Protocol is PortProtocol.Https or PortProtocol.Tls ? Tls(rules, port.Number) : Tcp(rules, port.Number, own);
        return routed.Count > 0 ? routed : [own];
    }

    // Of conditions on the same names and addresses the first counts.
    private List<RouteCluster> Tls(IEnumerable<MeshVirtualService> rules, int port)
    {
        var handled = new HashSet<string>(StringComparer.Ordinal);
        var clusters = new List<RouteCluster>();
        foreach (var rule in rules)
        {
            foreach (var route in rule.Record.TlsRoutes.Where(route => route.Destinations.Count > 0))
            {
                foreach (var match in route.Matches)
                {
                    if (Applies(match, port) && handled.Add($"{string.Join(',', match.SniHosts)}|{string.Join(',', match.DestinationSubnets)}"))
                        clusters.AddRange(Clusters(rule, route, port));
                }
            }
        }

        return clusters;
    }

    // The first route that asks for no address takes what is left; without one, the service's own cluster does.
    private List<RouteCluster> Tcp(IEnumerable<MeshVirtualService> rules, int port, RouteCluster own)
    {
        var clusters = new List<RouteCluster>();
        foreach (var rule in rules)
        {
            foreach (var route in rule.Record.TcpRoutes.Where(route => route.Destinations.Count > 0))
            {
                var matches = route.Matches.Where(match => Applies(match, port)).ToArray();
                if (route.Matches.Count > 0 && matches.Length == 0)
                    continue;
                clusters.AddRange(Clusters(rule, route, port));
                if (route.Matches.Count == 0 || Array.Exists(matches, match => match.DestinationSubnets.Count == 0))
                    return clusters;
            }
        }

        clusters.Add(own);
        return clusters;
    }

    private bool Applies(ConnectionMatch match, int port) =>
        (match.Gateways.Count == 0 || match.Gateways.Contains(IstioNames.MeshGateway))
        && labels.Matches(match.SourceLabels)
        && (match.Port == 0 || match.Port == port)
        && (match.SourceNamespace.Length == 0 || match.SourceNamespace == scope.Namespace);

    // A destination without a port means the service's only port, or the one that was called.
    private IEnumerable<RouteCluster> Clusters(MeshVirtualService rule, ConnectionRoute route, int listenPort)
    {
        foreach (var destination in route.Destinations.Where(destination => route.Destinations.Count == 1 || destination.Weight != 0))
        {
            var host = rule.Complete(destination.Host);
            var service = scope.Find(host);
            var port = destination.Port != 0 ? destination.Port : service is { Ports.Length: 1 } ? service.Ports[0].Number : listenPort;
            yield return new RouteCluster(service?.ExternalName ?? host, port, destination.Subset, destination.Weight);
        }
    }
}
