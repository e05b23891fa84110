using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A workload port behind a Service, as the proxy listens on it.</summary>
/// <param name="Service">The Service, <c>namespace/name</c>.</param>
/// <param name="ServicePort">The Service's port.</param>
/// <param name="Port">The workload port.</param>
/// <param name="IsHttp">True where requests are seen; on other ports only connections are.</param>
public sealed record InboundPort(string Service, int ServicePort, int Port, bool IsHttp);

/// <summary>The ports of pods behind Services. Of Services that share a workload port the oldest counts.</summary>
public sealed class InboundPorts
{
    // Source: pkg/config/protocol/instance.go (Parse, IsHTTP). A port that names no protocol is sniffed, and a request is HTTP then.
    private static readonly HashSet<string> HttpNames = new(["http", "http2", "grpc", "grpc-web", "h2c"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> OtherNames =
        new(["tcp", "tls", "https", "mongo", "redis", "mysql", "udp", "hbone", "double-hbone"], StringComparer.OrdinalIgnoreCase);

    // Ports whose servers speak first. Source: pkg/config/kube/conversion.go.
    private static readonly HashSet<int> ServerFirstPorts = [25, 53, 3306, 27017];

    private readonly ILookup<(string Namespace, string Pod), InboundPort> _ports;

    /// <summary>Takes Services and EndpointSlices of a snapshot.</summary>
    public InboundPorts(MeshSnapshot snapshot)
    {
        var services = snapshot.Services.ToDictionary(service => (service.Namespace, service.Name));
        _ports = (
            from slice in snapshot.EndpointSlices
            where services.ContainsKey((slice.Namespace, slice.Service))
            let service = services[(slice.Namespace, slice.Service)]
            from target in slice.Ports
            let port = service.Ports.FirstOrDefault(port => port.Name == target.Name)
            where port is { Protocol: not "UDP" }
            from endpoint in slice.Endpoints
            where endpoint.Pod is not null
            orderby service.Created, service.Name
            select ((service.Namespace, endpoint.Pod!), new InboundPort(service.Key, port.Port, target.Port, IsHttp(port.Name, port.AppProtocol, port.Port))))
            .ToLookup(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>The port, or null where no Service leads to it.</summary>
    public InboundPort? Find(string @namespace, string pod, int port) => _ports[(@namespace, pod)].FirstOrDefault(inbound => inbound.Port == port);

    /// <summary>The ports of a pod that Services lead to.</summary>
    public IEnumerable<InboundPort> Of(string @namespace, string pod) => _ports[(@namespace, pod)];

    private static bool IsHttp(string name, string? appProtocol, int port)
    {
        if (appProtocol is { Length: > 0 })
        {
            return appProtocol is "kubernetes.io/h2c" or "kubernetes.io/ws" or "kubernetes.io/wss" || IsHttp(appProtocol) is not false;
        }

        return IsHttp(name) ?? !ServerFirstPorts.Contains(port);
    }

    // The name is the protocol, or begins with it and a hyphen; null where it names none.
    private static bool? IsHttp(string name)
    {
        var protocol = name.StartsWith("grpc-web", StringComparison.OrdinalIgnoreCase) ? "grpc-web" : name.Split('-')[0];
        return HttpNames.Contains(protocol) ? true : OtherNames.Contains(protocol) ? false : null;
    }
}
