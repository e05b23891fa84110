using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Which of the VirtualServices that a client sees routes its calls to a port of a service: the first for the service's own name that has a
/// route for the client; only where none is for that name, the first for the longest wildcard.
/// </summary>
internal sealed class VirtualServiceRanking
{
    private readonly MeshClient _client;
    private readonly RegisteredPort _port;
    private readonly string _serviceHost;
    private readonly IReadOnlyList<MeshVirtualService> _seen;

    internal VirtualServiceRanking(MeshResolution mesh, MeshClient client, RegisteredService service, RegisteredPort port)
    {
        (_client, _port, _serviceHost) = (client, port, service.Host);
        var listeners = mesh.Scopes.Of(client.Namespace, client.Labels).Listeners;
        // A listener for the port alone goes before one for every port.
        _seen = (listeners.Find(listener => listener.Port == port.Number) ?? listeners.Find(listener => listener.Port == 0))?.VirtualServices ?? [];
        Host = _seen.Select(HostOf).OfType<string>().OrderBy(HostName.IsWildcard).ThenByDescending(host => host.Length).FirstOrDefault() ?? "";
        var first = _seen.Where(item => item.Hosts.Contains(Host));
        // Of several for a name those without a route are passed over; of wildcards only the first is looked at.
        Chosen = HostName.IsWildcard(Host) ? first.Take(1).FirstOrDefault(HasRoute) : first.FirstOrDefault(HasRoute);
    }

    /// <summary>The host that counts: the service's name, else the longest wildcard.</summary>
    internal string Host { get; }

    /// <summary>The one that routes; null where none does, and calls go to the service as they come.</summary>
    internal MeshVirtualService? Chosen { get; }

    /// <summary>Null for the chosen one, else why it is not chosen.</summary>
    internal PolicyRejection? WhyNot(VirtualService record)
    {
        if (ReferenceEquals(record, Chosen?.Record))
            return null;
        if (_seen.FirstOrDefault(item => ReferenceEquals(item.Record, record)) is not { } candidate)
            return new(PolicyCause.NotImported, "The egress hosts of the client's Sidecar do not import it.");
        var host = HostOf(candidate)!;
        if (host != Host)
            return new(PolicyCause.CloserHost, $"It is for {host}; one for the closer host {Host} goes first.");
        if (!HasRoute(candidate))
            return new(PolicyCause.SaysNothing, $"It has no route for port {_port.Number} ({(_port.Protocol.HasRoutes() ? "HTTP" : "TCP")}) from this client.");
        if (Chosen is null)
            return new(PolicyCause.OlderGoesFirst, $"An older one for the same wildcard goes first, although it has no route for port {_port.Number}.");
        return MeshObject.CompareByAge(Chosen.Record, record) < 0
            ? new(PolicyCause.OlderGoesFirst, $"The older {Chosen.Record.Key} for the same host goes first; sidecars never merge VirtualServices.")
            : new(PolicyCause.CloserNamespace, $"{Chosen.Record.Key} for the same host goes first, because its exportTo names the client's namespace.");
    }

    /// <summary>True where a route can take requests of the client to the port.</summary>
    internal static bool IsFor(HttpRoute route, MeshClient client, int port) => route.Matches.Count == 0 || route.Matches.Any(match =>
        (match.Port == 0 || match.Port == port)
        && (match.Gateways.Count == 0 || match.Gateways.Contains(IstioNames.MeshGateway))
        && (match.SourceNamespace.Length == 0 || match.SourceNamespace == client.Namespace)
        && client.Labels.Matches(match.SourceLabels));

    private bool HasRoute(MeshVirtualService item) => _port.Protocol.HasRoutes()
        ? item.Record.Http.Any(route => IsFor(route, _client, _port.Number))
        : item.Record.Tcp.Count + item.Record.Tls.Count > 0;

    // The closest of its hosts that covers the service.
    private string? HostOf(MeshVirtualService item) =>
        item.Hosts.Where(host => HostName.Matches(_serviceHost, host)).OrderBy(HostName.IsWildcard).ThenByDescending(host => host.Length).FirstOrDefault();
}
