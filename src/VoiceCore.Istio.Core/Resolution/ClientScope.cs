using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What the clients of a namespace (or those a Sidecar is for) see.</summary>
internal sealed class ClientScope
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<(RegisteredService Service, RegisteredPort[] Ports)> _services = [];

    internal ClientScope(string @namespace, Sidecar? sidecar, string outboundTrafficPolicy) =>
        (Namespace, Sidecar, OutboundTrafficPolicy) = (@namespace, sidecar, outboundTrafficPolicy);

    internal string Namespace { get; }

    /// <summary>The Sidecar that says so; null for the default, which sees everything that is exported to the namespace.</summary>
    internal Sidecar? Sidecar { get; }

    /// <summary><c>ALLOW_ANY</c> or <c>REGISTRY_ONLY</c>.</summary>
    internal string OutboundTrafficPolicy { get; }

    internal IReadOnlyList<(RegisteredService Service, RegisteredPort[] Ports)> Services => _services;

    internal List<EgressListener> Listeners { get; } = [];

    internal bool Sees(RegisteredService service, RegisteredPort port) =>
        _places.TryGetValue(service.Host, out var place) && Array.IndexOf(_services[place].Ports, port) >= 0;

    // Listeners on ports bring parts of a service, which are put together.
    internal void Add(RegisteredService service, RegisteredPort[] ports)
    {
        if (ports.Length == 0)
            return;
        if (!_places.TryGetValue(service.Host, out var place))
        {
            _places.Add(service.Host, _services.Count);
            _services.Add((service, ports));
        }
        else if (_services[place].Ports.Length < service.Ports.Length)
        {
            _services[place] = (service, [.. _services[place].Ports.Union(ports)]);
        }
    }
}
