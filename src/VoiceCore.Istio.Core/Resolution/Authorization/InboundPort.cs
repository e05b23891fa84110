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
            select ((service.Namespace, endpoint.Pod!), new InboundPort(service.Key, port.Port, target.Port, PortProtocols.Of(port).HasRoutes())))
            .ToLookup(pair => pair.Item1, pair => pair.Item2);
    }

    /// <summary>The port, or null where no Service leads to it.</summary>
    public InboundPort? Find(string @namespace, string pod, int port) => _ports[(@namespace, pod)].FirstOrDefault(inbound => inbound.Port == port);

    /// <summary>The ports of a pod that Services lead to.</summary>
    public IEnumerable<InboundPort> Of(string @namespace, string pod) => _ports[(@namespace, pod)];
}
