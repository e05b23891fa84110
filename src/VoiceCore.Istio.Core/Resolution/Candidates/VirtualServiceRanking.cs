using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Which of the VirtualServices that a client sees routes its calls to a port of a service, and why the others do not.</summary>
internal sealed class VirtualServiceRanking
{
    private readonly ClientRoutes _routes;
    private readonly RegisteredPort _port;
    private readonly string _serviceHost;
    private readonly EgressListener? _listener;
    private readonly IReadOnlyList<MeshVirtualService> _contenders = [];

    internal VirtualServiceRanking(MeshResolution mesh, MeshClient client, RegisteredService service, RegisteredPort port)
    {
        (_port, _serviceHost) = (port, service.Host);
        _routes = new ClientRoutes(mesh.Snapshot.Mesh, mesh.Scopes.Of(client.Namespace, client.Labels), client.Labels);
        if (_routes.Scope.ListenerOf(port.Number) is not { } listener || listener.Find(service.Host, port.Number) != service)
        {
            // A VirtualService can still give routes to a name that is no service to the client.
            Chosen = new RouteConfigurations(_routes).VirtualHosts($"{port.Number}").FirstOrDefault(host => host.Name == $"{service.Host}:{port.Number}")?.Routes[0].VirtualService;
            return;
        }

        _listener = listener;
        // Connections without requests go by the first that covers the host, requests by the closest host.
        _contenders = IsHttp ? listener.VirtualServicesOf(service.Host) : listener.VirtualServices.Where(item => HostOf(item) is not null).ToArray();
        Chosen = (IsHttp ? _routes.Of(service, port, listener).Rule : _contenders.FirstOrDefault(HasRoute))?.Record;
    }

    /// <summary>The one that routes; null where none does, and calls go to the service as they come.</summary>
    internal VirtualService? Chosen { get; }

    /// <summary>What the chosen one brings.</summary>
    internal string Effect => IsHttp ? "HTTP routes" : "TCP routes";

    private bool IsHttp => _port.Protocol.HasRoutes();

    /// <summary>Null for the chosen one, else why it is not chosen.</summary>
    internal PolicyRejection? WhyNot(VirtualService record)
    {
        if (ReferenceEquals(record, Chosen))
            return null;
        if (_listener is null)
            return new(PolicyCause.ServiceHidden, "The client's Sidecar shows the service as a destination of routes only: calls by its own name have none.");
        if (_listener.VirtualServices.FirstOrDefault(item => ReferenceEquals(item.Record, record)) is not { } candidate)
            return new(PolicyCause.NotImported, "The egress hosts of the client's Sidecar do not import it.");
        if (!_contenders.Contains(candidate))
        {
            var first = _contenders[0];
            return HostOf(first) == HostOf(candidate)
                ? After(first.Record, record)
                : new(PolicyCause.CloserHost, $"It is for {HostOf(candidate)}; {first.Record.Key} for the closer host {HostOf(first)} goes first.");
        }

        return HasRoute(candidate)
            ? After(Chosen!, record)
            : new(PolicyCause.SaysNothing, $"It has no {(IsHttp ? "HTTP" : "TCP or TLS")} route for this client and port {_port.Number}.");
    }

    private static PolicyRejection After(VirtualService first, VirtualService record) => MeshObject.CompareByAge(first, record) < 0
        ? new(PolicyCause.OlderGoesFirst, $"The older {first.Key} for the same host goes first: for sidecars VirtualServices are never merged.")
        : new(PolicyCause.CloserNamespace, $"{first.Key} for the same host goes first, because its exportTo names the client's namespace.");

    private bool HasRoute(MeshVirtualService item) => IsHttp
        ? _routes.Build(item, _listener!, _port.Number).Count > 0
        : item.Record.Connections.Any();

    // The closest of its hosts that covers the service.
    private string? HostOf(MeshVirtualService item) =>
        item.Hosts.Where(host => HostName.Matches(_serviceHost, host)).OrderBy(HostName.IsWildcard).ThenByDescending(host => host.Length).FirstOrDefault();
}
