using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The HTTP routes of a client. Source: pilot/pkg/networking/core/route/route.go.</summary>
internal sealed class ClientRoutes(MeshConfig mesh, ClientScope scope, LabelSet labels)
{
    internal ClientScope Scope => scope;

    /// <summary>The routes of a service port in order; null where the client has none: not imported, or not HTTP.</summary>
    internal IReadOnlyList<OutboundRoute>? Of(RegisteredService service, RegisteredPort port) =>
        port.Protocol.HasRoutes() && scope.ListenerOf(port.Number) is { } listener && listener.Find(service.Host, port.Number) == service
            ? Of(service, port, listener).Routes
            : null;

    /// <summary>The routes with the VirtualService that gives them; without one the single route of the service. Null for an alias without one.</summary>
    internal (MeshVirtualService? Rule, IReadOnlyList<OutboundRoute>? Routes) Of(RegisteredService service, RegisteredPort port, EgressListener listener)
    {
        foreach (var virtualService in listener.VirtualServicesOf(service.Host))
        {
            if (Build(virtualService, listener, port.Number) is { Count: > 0 } routes)
                return (virtualService, routes);
        }

        return (null, service.IsAlias ? null : [new OutboundRoute { Clusters = [new RouteCluster(listener.IsProxy ? service.Host : service.Host.ToLowerInvariant(), port.Number, "", 0)], Retries = RouteRetries.From(mesh.DefaultHttpRetryPolicy) }]);
    }

    /// <summary>The routes of a VirtualService for requests to a port: the conditions that this client and port can meet, up to the first that takes all.</summary>
    internal List<OutboundRoute> Build(MeshVirtualService virtualService, EgressListener listener, int port)
    {
        var listenPort = listener.IsProxy ? 0 : port;
        var routes = new List<OutboundRoute>();
        foreach (var route in virtualService.Http)
        {
            if (route.Matches.Count == 0)
            {
                routes.Add(Build(virtualService, route, null, listener, listenPort));
                return routes;
            }

            foreach (var match in route.Matches)
            {
                if (!Applies(match, listenPort))
                    continue;
                routes.Add(Build(virtualService, route, match, listener, listenPort));
                if (TakesAll(match))
                    return routes;
            }
        }

        return routes;
    }

    private bool Applies(HttpMatch match, int listenPort)
    {
        if (match.Port != 0 && match.Port != listenPort)
            return false;
        // Where gateways are named, the client's labels and namespace are not looked at.
        return match.Gateways.Count > 0
            ? match.Gateways.Contains(IstioNames.MeshGateway)
            : labels.Matches(match.SourceLabels) && (match.SourceNamespace.Length == 0 || match.SourceNamespace == scope.Namespace);
    }

    /// <summary>True where every request meets a condition of those that it is for. Source: <c>IsCatchAllRoute</c>.</summary>
    internal static bool TakesAll(HttpMatch match) =>
        match.Uri is null or { Kind: StringMatchKind.Present } or { Kind: StringMatchKind.Prefix, Value: "/" } or { Kind: StringMatchKind.Regex, Value: ".*" }
        && match is { Method: null, Authority: null, Scheme: null, Headers.Count: 0, WithoutHeaders.Count: 0, QueryParameters.Count: 0 };

    private OutboundRoute Build(MeshVirtualService virtualService, HttpRoute route, HttpMatch? match, EgressListener listener, int listenPort)
    {
        var built = new OutboundRoute
        {
            Name = match is { Name.Length: > 0 } ? $"{route.Name}.{match.Name}" : route.Name,
            Match = match,
            VirtualService = virtualService.Record,
            Written = route,
        };
        if (built.IsAnswered)
            return built;

        RouteCluster Cluster(RouteDestination destination) => ClusterOf(virtualService.Complete(destination.Host), destination, listener, listenPort);
        return built with
        {
            IsWeighted = route.Destinations.Count != 1,
            Clusters = route.Destinations.Where(destination => route.Destinations.Count == 1 || destination.Weight != 0).Select(Cluster).ToArray(),
            Timeout = route.Timeout ?? TimeSpan.Zero,
            Retries = RouteRetries.From(route.Retries ?? mesh.DefaultHttpRetryPolicy),
            Mirrors = route.Mirrors.Where(mirror => mirror.Percent is null or > 0).Select(mirror => new RouteMirror(Cluster(mirror.Destination), mirror.Percent)).ToArray(),
        };
    }

    // A destination that the client does not know keeps its name: requests to it fail. An alias means the service behind it.
    private static RouteCluster ClusterOf(string host, RouteDestination destination, EgressListener listener, int listenPort)
    {
        var service = listener.Find(host, listenPort);
        var port = destination.Port != 0 ? destination.Port : listener.IsProxy && service is { Ports.Length: 1 } ? service.Ports[0].Number : listenPort;
        return new RouteCluster(service?.ExternalName ?? host, port, destination.Subset, destination.Weight);
    }
}
