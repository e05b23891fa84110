using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>An egress listener with what it imports. Source: <c>IstioEgressListenerWrapper</c> in pilot/pkg/model/sidecar.go.</summary>
internal sealed class EgressListener
{
    private readonly Lazy<Dictionary<string, RegisteredService>> _byHost;
    private readonly Lazy<ILookup<string, RegisteredService>> _ofSharedHosts;
    private readonly Lazy<(Dictionary<string, List<MeshVirtualService>> Exact, HostIndex<MeshVirtualService> Wildcards)> _byRule;

    internal EgressListener(SidecarEgress egress, IReadOnlyList<RegisteredService> services, IReadOnlyList<MeshVirtualService> virtualServices)
    {
        Port = egress.Port;
        Protocol = PortProtocols.Parse(egress.Protocol);
        Socket = egress.IsSocket ? egress.Bind : null;
        IsProxy = egress.IsProxy || egress.IsSocket;
        Services = services;
        VirtualServices = virtualServices;
        _byHost = new(IndexServices);
        _ofSharedHosts = new(() => services.Where(service => service.OfSameHost is not null).ToLookup(service => service.Host, StringComparer.Ordinal));
        _byRule = new(IndexVirtualServices);
    }

    /// <summary>The port that it captures; 0 = every port that no listener before it captures.</summary>
    internal int Port { get; }

    /// <summary>The protocol of the port.</summary>
    internal PortProtocol Protocol { get; }

    /// <summary>A proxy or socket that clients know of and send every request to, whatever its port.</summary>
    internal bool IsProxy { get; }

    /// <summary>The Unix socket that it listens on, which is the name of its routes; null for a port.</summary>
    internal string? Socket { get; }

    internal IReadOnlyList<RegisteredService> Services { get; }

    /// <summary>The VirtualServices in the order in which they count.</summary>
    internal IReadOnlyList<MeshVirtualService> VirtualServices { get; }

    /// <summary>The service of a host, where it is imported and has the port.</summary>
    internal RegisteredService? Find(string host, int port)
    {
        var service = _byHost.Value.GetValueOrDefault(host);
        // Of several of one host the last that has the port.
        if (service is { OfSameHost: not null })
            return _ofSharedHosts.Value[service.Host].LastOrDefault(other => Takes(other, port));
        return service is not null && Takes(service, port) ? service : null;
    }

    private bool Takes(RegisteredService service, int port) => IsProxy || PortOf(service, port) is not null;

    /// <summary>The port of a service as routes see it (<c>GetByPort</c> in pilot/pkg/model/service.go).</summary>
    internal static RegisteredPort? PortOf(RegisteredService service, int number) =>
        Array.Find(service.Ports, port => port.Number == number && port.Protocol != PortProtocol.Udp);

    /// <summary>
    /// The VirtualServices that can say the routes of a service, in order: those that name its host, else the first of the longest wildcard.
    /// Source: <c>computeWildcardHostVirtualServiceIndex</c> in pilot/pkg/model/sidecar.go, <c>separateVSHostsAndServices</c> in
    /// pilot/pkg/networking/core/route/route.go.
    /// </summary>
    internal IReadOnlyList<MeshVirtualService> VirtualServicesOf(string host)
    {
        if (_byRule.Value.Exact.TryGetValue(host, out var named) && named.Exists(rule => rule.Hosts.Contains(host)))
            return named;
        // Names in other letters leave room for a wildcard. Wildcards are compared with a host as written, and then found by it in lower case.
        var widest = IsProxy || !host.Any(char.IsAsciiLetterUpper) ? _byRule.Value.Wildcards.Find(host) : null;
        return widest is null ? named ?? [] : named is null ? [widest] : VirtualServices.Where(rule => rule == widest || named.Contains(rule)).ToArray();
    }

    private Dictionary<string, RegisteredService> IndexServices()
    {
        var index = new Dictionary<string, RegisteredService>(Services.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var service in Services)
            index.TryAdd(service.Host, service);
        return index;
    }

    private (Dictionary<string, List<MeshVirtualService>>, HostIndex<MeshVirtualService>) IndexVirtualServices()
    {
        var exact = new Dictionary<string, List<MeshVirtualService>>(StringComparer.OrdinalIgnoreCase);
        var wildcards = new HostIndex<MeshVirtualService>();
        foreach (var virtualService in VirtualServices)
        {
            foreach (var host in virtualService.Hosts)
            {
                if (!HostName.IsWildcard(host))
                    (exact.TryGetValue(host, out var list) ? list : exact[host] = []).Add(virtualService);
                else if (wildcards.Exactly(host) is null)
                    wildcards.Add(host, virtualService);
            }
        }

        return (exact, wildcards);
    }
}
