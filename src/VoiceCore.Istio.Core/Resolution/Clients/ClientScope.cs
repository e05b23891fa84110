using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What the clients of a namespace (or those a Sidecar is for) see.</summary>
internal sealed class ClientScope
{
    // A scope that sees everything is the rule, and large: it is listed only for who wants the list.
    private readonly Lazy<ScopeImports> _imports;

    internal ClientScope(string @namespace, Sidecar? sidecar, string outboundTrafficPolicy, Func<ScopeImports> import)
    {
        (Namespace, Sidecar, OutboundTrafficPolicy) = (@namespace, sidecar, outboundTrafficPolicy);
        _imports = new Lazy<ScopeImports>(import, isThreadSafe: false);
        SeesAllExported = sidecar is not { Egress.Count: > 0 }
            || sidecar.Egress.Any(egress => !egress.CapturesPort && egress.Hosts.Contains("*/*") && !egress.Hosts.Any(host => host.StartsWith('~')));
    }

    internal string Namespace { get; }

    /// <summary>The Sidecar that says so; null for the default, which sees everything that is exported to the namespace.</summary>
    internal Sidecar? Sidecar { get; }

    /// <summary><c>ALLOW_ANY</c>, <c>ALLOW_ANY_DYNAMIC_DNS</c> (requests go where the name that they ask for leads) or <c>REGISTRY_ONLY</c>.</summary>
    internal string OutboundTrafficPolicy { get; }

    /// <summary>Where calls to what the clients do not know go; null = on to their destinations, or nowhere.</summary>
    internal RouteDestination? EgressProxy => OutboundTrafficPolicy == "ALLOW_ANY" ? Sidecar?.EgressProxy : null;

    /// <summary>True for the scope of gateways.</summary>
    internal bool IsGateway { get; init; }

    /// <summary>True where everything that is exported to the namespace is seen, on all ports.</summary>
    internal bool SeesAllExported { get; }

    internal IReadOnlyList<(RegisteredService Service, RegisteredPort[] Ports)> Services => _imports.Value.Services;

    internal List<EgressListener> Listeners => _imports.Value.Listeners;

    /// <summary>The service that clients know by a host; null where there is none.</summary>
    internal RegisteredService? Find(string host) => _imports.Value.Find(host);

    /// <summary>The listener that a port belongs to; null where none captures it.</summary>
    internal EgressListener? ListenerOf(int port) => Listeners.Find(listener => listener.Socket is null && (listener.Port == 0 || listener.Port == port));

    /// <summary>
    /// Whether the port is known. Beside what is exported to a scope that sees all that, there may be services of the own namespace that a
    /// VirtualService leads to.
    /// </summary>
    internal bool Sees(RegisteredService service, RegisteredPort port)
    {
        if (IsGateway)
            return service.OfSameHost is null ? service.IsVisibleTo(Namespace) : _imports.Value.Has(service, port);
        if (SeesAllExported && service.IsKnownTo(Namespace))
            return true;
        return (!SeesAllExported || service.Namespace == Namespace) && _imports.Value.Has(service, port);
    }
}
