using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The clients of a mesh in groups that one answer is good for: those that see a service, and those for whom one DestinationRule wins.
/// A group is found by what is said of the service, not by asking client by client.
/// </summary>
internal sealed class ClientGroups
{
    private readonly MeshResolution _mesh;
    private readonly ClientScope?[] _scopes;
    private readonly Dictionary<string, ClientSet> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientScope, ClientSet> _wide = [];
    private readonly Dictionary<RegisteredService, List<(RegisteredPort[] Ports, ClientSet Clients)>> _narrow = [];
    private readonly Dictionary<ClientSet, IReadOnlyList<string>> _titles = [];
    private readonly Dictionary<ClientSet, Sidecar?> _sidecars = [];
    private readonly ClientSet _seeAllExported = ClientSet.Empty;

    internal ClientGroups(MeshResolution mesh)
    {
        _mesh = mesh;
        Clients = MeshClient.Of(mesh);
        _scopes = new ClientScope?[Clients.Count];
        var narrow = new Dictionary<ClientScope, ClientSet>();
        for (var place = 0; place < _scopes.Length; place++)
        {
            var client = Clients[place];
            if (!client.HasSidecar)
                continue;
            var scope = mesh.Scopes.Of(client);
            var one = ClientSet.Of(place);
            _scopes[place] = scope;
            WithSidecar |= one;
            if (client.IsGateway)
                Gateways |= one;
            if (scope.OutboundTrafficPolicy == "REGISTRY_ONLY")
                RegistryOnly |= one;
            _byNamespace[client.Namespace] = _byNamespace.GetValueOrDefault(client.Namespace, ClientSet.Empty) | one;
            var scopes = scope.SeesAllExported ? _wide : narrow;
            scopes[scope] = scopes.GetValueOrDefault(scope, ClientSet.Empty) | one;
        }

        foreach (var clients in _wide.Values)
            _seeAllExported |= clients;
        foreach (var (scope, clients) in narrow)
        {
            foreach (var (service, ports) in scope.Services)
                (_narrow.TryGetValue(service, out var known) ? known : _narrow[service] = []).Add((ports, clients));
        }
    }

    /// <summary>All of them, in the order of their places in a <see cref="ClientSet"/>.</summary>
    internal IReadOnlyList<MeshClient> Clients { get; }

    internal ClientSet WithSidecar { get; } = ClientSet.Empty;

    /// <summary>Those with a sidecar that are gateways.</summary>
    internal ClientSet Gateways { get; } = ClientSet.Empty;

    /// <summary>Those whose proxies end calls to what they do not know.</summary>
    internal ClientSet RegistryOnly { get; } = ClientSet.Empty;

    /// <summary>Those of a set.</summary>
    internal IEnumerable<MeshClient> In(ClientSet clients)
    {
        foreach (var place in clients.Places())
            yield return Clients[place];
    }

    /// <summary>What people call them.</summary>
    internal IReadOnlyList<string> Titles(ClientSet clients)
    {
        if (!_titles.TryGetValue(clients, out var titles))
            _titles.Add(clients, titles = In(clients).Select(client => client.Title).Distinct().ToArray());
        return titles;
    }

    /// <summary>The Sidecar of clients that have one, the same for all; else null.</summary>
    internal Sidecar? SidecarOf(ClientSet clients)
    {
        if (!_sidecars.TryGetValue(clients, out var sidecar))
            _sidecars.Add(clients, sidecar = clients.Places().Select(place => _scopes[place]?.Sidecar).Distinct().ToArray() is [var one] ? one : null);
        return sidecar;
    }

    /// <summary>Clients by the proxy that they send calls to which they do not know; null where there is none.</summary>
    internal IEnumerable<(RouteDestination? Proxy, ClientSet Clients)> ByEgressProxy(ClientSet clients) => clients.IsEmpty ? [] :
        from place in clients.Places()
        group place by _scopes[place]?.EgressProxy into places
        select (places.Key, ClientSet.Of(places));

    internal ClientSet Where(Func<MeshClient, bool> isWanted)
    {
        var wanted = ClientSet.Empty;
        for (var place = 0; place < Clients.Count; place++)
        {
            if (isWanted(Clients[place]))
                wanted |= ClientSet.Of(place);
        }

        return wanted;
    }

    /// <summary>The clients with a sidecar that knows the port.</summary>
    internal ClientSet ThatSee(RegisteredService service, RegisteredPort port)
    {
        var seeing = ClientSet.Empty;
        if (service is { IsPublic: true, OfSameHost: null })
        {
            seeing = _seeAllExported;
        }
        else
        {
            foreach (var (scope, clients) in _wide)
            {
                if (scope.Sees(service, port))
                    seeing |= clients;
            }
        }

        foreach (var (ports, clients) in _narrow.GetValueOrDefault(service, []))
        {
            if (Array.IndexOf(ports, port) >= 0)
                seeing |= clients;
        }

        return seeing;
    }

    /// <summary>The clients with a sidecar by the rule that they use for a service, whether or not they see it. A rule may come twice.</summary>
    internal IEnumerable<(EffectiveRule? Rule, ClientSet Clients)> ByRule(RegisteredService service)
    {
        var rules = _mesh.DestinationRules;
        var others = WithSidecar;
        foreach (var name in rules.NamespacesThatMayDiffer(service.Host, service.Namespace))
        {
            var own = others & _byNamespace.GetValueOrDefault(name, ClientSet.Empty);
            foreach (var place in own.Places())
                yield return (rules.Resolve(name, Clients[place].Labels, service.Host, service.Namespace), ClientSet.Of(place));
            others -= own;
        }

        // A namespace without a name has no rules of its own, and none is exported to it.
        if (!others.IsEmpty)
            yield return (rules.Resolve("", LabelSet.Empty, service.Host, service.Namespace), others);
    }
}
