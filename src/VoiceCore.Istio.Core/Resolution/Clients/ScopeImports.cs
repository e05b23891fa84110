namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a scope takes in: services with their ports, put together out of all its listeners, and the listeners themselves.</summary>
internal sealed class ScopeImports
{
    private readonly Dictionary<RegisteredService, int> _places = [];
    private readonly Dictionary<string, int> _sharedHosts = new(StringComparer.Ordinal);
    private readonly List<(RegisteredService Service, RegisteredPort[] Ports)> _services = [];
    private readonly Lazy<Dictionary<string, RegisteredService>> _byHost;

    internal ScopeImports()
    {
        _byHost = new(() => _services.ToDictionary(item => item.Service.Host, item => item.Service, StringComparer.Ordinal));
    }

    internal IReadOnlyList<(RegisteredService Service, RegisteredPort[] Ports)> Services => _services;

    internal List<EgressListener> Listeners { get; } = [];

    /// <summary>The service of a host, of which there is one in a scope; null without. Only once all is taken in.</summary>
    internal RegisteredService? Find(string host) => _byHost.Value.GetValueOrDefault(host);

    internal bool Has(RegisteredService service, RegisteredPort port) =>
        _places.TryGetValue(service, out var place) && Array.IndexOf(_services[place].Ports, port) >= 0;

    // Listeners on ports bring parts of a service, which are put together.
    internal void Add(RegisteredService service, RegisteredPort[] ports)
    {
        if (ports.Length == 0)
            return;
        if (!_places.TryGetValue(service, out var place))
        {
            // Of services with one host the first counts, but Kubernetes' takes the place of an entry's.
            if (service.OfSameHost is not null && !_sharedHosts.TryAdd(service.Host, _services.Count))
            {
                place = _sharedHosts[service.Host];
                var known = _services[place].Service;
                if (!known.IsEntry || service.IsEntry)
                    return;
                _places.Remove(known);
                _places.Add(service, place);
                _services[place] = (service, ports);
                return;
            }

            _places.Add(service, _services.Count);
            _services.Add((service, ports));
        }
        else if (_services[place].Ports.Length < service.Ports.Length)
        {
            _services[place] = (service, [.. _services[place].Ports.Union(ports)]);
        }
    }
}
