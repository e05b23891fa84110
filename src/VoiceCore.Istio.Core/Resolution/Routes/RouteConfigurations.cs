using System.Globalization;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The route configurations of a client: one for each port, and one for each service port whose protocol is found out at run time.
/// Source: <c>buildSidecarOutboundListeners</c> in pilot/pkg/networking/core/listener.go, pilot/pkg/networking/core/httproute.go.
/// </summary>
internal sealed class RouteConfigurations(ClientRoutes routes)
{
    private const int HttpPort = 80;

    // Listeners of the proxy itself. Source: `conflictWithReservedListener` in pilot/pkg/model/context.go.
    private static readonly int[] ReservedPorts = [15001, 15006, 15021, 15090];

    /// <summary>The names of the configurations that a client at an address asks for.</summary>
    internal IReadOnlySet<string> Names(string clientAddress)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listener in routes.Scope.Listeners)
        {
            foreach (var service in listener.Services)
            {
                if (service.IsAlias)
                    continue;
                if (listener.Socket is { } socket)
                {
                    if (listener.Protocol.HasRoutes())
                        names.Add(socket);
                }
                else if (listener.Port != 0)
                {
                    Add(names, service, listener.Port, listener.IsProxy ? PortProtocol.Http : listener.Protocol);
                }
                else
                {
                    foreach (var port in service.Ports)
                        Add(names, service, port, clientAddress);
                }
            }
        }

        return names;
    }

    /// <summary>The virtual hosts of a configuration by their names (<c>host:port</c>), without the one for all other hosts.</summary>
    internal IEnumerable<VirtualHost> VirtualHosts(string configuration)
    {
        if (routes.Scope.Listeners.Find(listener => listener.Socket == configuration) is { } bySocket)
            return VirtualHosts(bySocket, port: 0);
        var number = configuration[(configuration.LastIndexOf(':') + 1)..];
        var port = int.Parse(number, CultureInfo.InvariantCulture);
        if (routes.Scope.ListenerOf(port) is not { } listener)
            return [];
        var all = VirtualHosts(listener, port);
        return configuration == number ? all : all.Where(host => host.Name == configuration);
    }

    // Where bytes tell the protocol, a service without an address has a listener for each endpoint but the client itself. A host whose
    // endpoints nobody knows shares the port's.
    private static void Add(HashSet<string> names, RegisteredService service, RegisteredPort port, string clientAddress)
    {
        if (port.Protocol != PortProtocol.Auto || service.HasAddress)
            Add(names, service, port.Number, port.Protocol);
        else if (!service.IsPassthrough || (service.IsEntry && port.Endpoints.Length + port.Unready.Length == 0))
            names.Add(port.Number.ToString(CultureInfo.InvariantCulture));
        else if (port.Endpoints.Concat(port.Unready).Any(endpoint => endpoint.Address != clientAddress))
            Add(names, service, port.Number, port.Protocol);
    }

    private static void Add(HashSet<string> names, RegisteredService service, int port, PortProtocol protocol)
    {
        if (protocol == PortProtocol.Auto)
            names.Add($"{service.Host}:{port}");
        else if (protocol.HasRoutes() && Array.IndexOf(ReservedPorts, port) < 0)
            names.Add(port.ToString(CultureInfo.InvariantCulture));
    }

    private List<VirtualHost> VirtualHosts(EgressListener listener, int port)
    {
        var hosts = new List<VirtualHost>();
        var withService = new HashSet<MeshVirtualService>();
        // Other names of services, with the VirtualService that says their routes (null = none does).
        var otherNames = new Dictionary<string, MeshVirtualService?>(StringComparer.OrdinalIgnoreCase);
        var ports = listener.Services.Where(service => service.OfSameHost is null || listener.Find(service.Host, port) == service).SelectMany(service => PortsOf(service, listener, port)).ToArray();
        foreach (var (service, servicePort) in ports)
        {
            if (!servicePort.Protocol.HasRoutes())
                continue;
            if (!listener.IsProxy || servicePort.Number == HttpPort)
                withService.UnionWith(listener.VirtualServicesOf(service.Host));
            if (routes.Of(service, servicePort, listener) is not (var rule, { } own))
                continue;
            hosts.Add(new VirtualHost($"{(listener.IsProxy ? service.Host : service.Host.ToLowerInvariant())}:{servicePort.Number}", own));
            foreach (var name in OtherNames(service))
                otherNames.TryAdd(name, rule);
        }

        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var earlier = new HashSet<MeshVirtualService>();
        var services = Array.ConvertAll(ports, pair => pair.Service);
        foreach (var virtualService in listener.VirtualServices)
        {
            earlier.Add(virtualService);
            // Hosts that are no service have routes on port 80, and beside a service of the same VirtualService; of a proxy's ports, on 80
            // beside a service only.
            if ((port != HttpPort || listener.IsProxy) && !withService.Contains(virtualService))
                continue;
            var outside = virtualService.Hosts.Where(host => !IsService(host, listener, services, port)).ToArray();
            if (outside.Length == 0 || routes.Build(virtualService, listener, port) is not { Count: > 0 } own)
                continue;
            foreach (var host in outside)
            {
                var isTaken = otherNames.TryGetValue(host, out var by) && by is not null && by != virtualService && earlier.Contains(by);
                if (!isTaken && named.Add(host))
                    hosts.Add(new VirtualHost($"{host.ToLowerInvariant()}:{(listener.IsProxy ? HttpPort : port)}", own));
            }
        }

        return hosts;
    }

    // Requests to a proxy are for whatever port.
    private static IEnumerable<(RegisteredService Service, RegisteredPort Port)> PortsOf(RegisteredService service, EgressListener listener, int port) =>
        service.Ports.Where(own => own.Protocol != PortProtocol.Udp && (listener.IsProxy || own.Number == port)).DistinctBy(own => own.Number).Select(own => (service, own));

    private static bool IsService(string host, EgressListener listener, RegisteredService[] services, int port)
    {
        if (!HostName.IsWildcard(host))
            return listener.Find(host, port) is not null;
        var pattern = host.ToLowerInvariant();
        return Array.Exists(services, service => HostName.Matches(service.Host.ToLowerInvariant(), pattern));
    }

    // `GenerateAltVirtualHosts`: the namespace and `svc` may be added or left out, the namespace only within it.
    private IEnumerable<string> OtherNames(RegisteredService service)
    {
        var end = service.Host.IndexOf(".svc.", StringComparison.Ordinal);
        if (end <= 0)
            yield break;
        yield return service.Host[..end];
        yield return service.Host[..(end + ".svc".Length)];
        if (service.Namespace == routes.Scope.Namespace)
            yield return service.Name;
    }
}
