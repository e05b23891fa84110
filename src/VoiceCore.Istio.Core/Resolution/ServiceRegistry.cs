using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The services of the mesh with their endpoints, oldest first. Source: pilot/pkg/serviceregistry/kube/conversion.go and
/// <c>initServiceRegistry</c> in pilot/pkg/model/push_context.go.
/// </summary>
internal sealed class ServiceRegistry
{
    private readonly Dictionary<string, RegisteredService> _byHost;
    private readonly Dictionary<string, RegisteredService[]> _visible = new(StringComparer.Ordinal);
    private readonly ILookup<string, RegisteredService> _byNamespace;
    private readonly RegisteredService[] _public;
    private readonly RegisteredService[] _limited;

    internal ServiceRegistry(MeshSnapshot snapshot)
    {
        var slices = snapshot.EndpointSlices.Where(slice => slice.Service.Length > 0).ToLookup(slice => (slice.Namespace, slice.Service));
        var pods = new Dictionary<(string, string), PodRecord>(snapshot.Pods.Count);
        foreach (var pod in snapshot.Pods)
            pods[(pod.Namespace, pod.Name)] = pod;

        var records = snapshot.Services.ToArray();
        Array.Sort(records, MeshObject.CompareByAge);
        Services = new RegisteredService[records.Length];
        for (var place = 0; place < records.Length; place++)
            Services[place] = Register(place, records[place], snapshot, slices[(records[place].Namespace, records[place].Name)], pods);
        _byHost = Services.ToDictionary(service => service.Host, StringComparer.Ordinal);
        _byNamespace = Services.ToLookup(service => service.Namespace, StringComparer.Ordinal);
        _public = Array.FindAll(Services, service => service.IsPublic);
        _limited = Array.FindAll(Services, service => !service.IsPublic);
    }

    internal RegisteredService[] Services { get; }

    internal RegisteredService? Find(string host) => _byHost.GetValueOrDefault(host);

    /// <summary>True where the namespace sees more than what is public.</summary>
    internal bool HasOwn(string @namespace) => VisibleTo(@namespace) != _public;

    /// <summary>The services that a namespace sees: those that are exported to it by name come first.</summary>
    internal RegisteredService[] VisibleTo(string @namespace)
    {
        if (_limited.Length == 0)
            return _public;
        if (!_visible.TryGetValue(@namespace, out var services))
        {
            var own = Array.FindAll(_limited, service => service.IsVisibleTo(@namespace));
            _visible.Add(@namespace, services = own.Length == 0 ? _public : [.. own, .. _public]);
        }

        return services;
    }

    /// <summary>The same, but only those of some namespaces; null stands for all.</summary>
    internal IEnumerable<RegisteredService> VisibleTo(string @namespace, IReadOnlyCollection<string>? inNamespaces) => inNamespaces is null
        ? VisibleTo(@namespace)
        : inNamespaces.SelectMany(name => _byNamespace[name]).Where(service => service.IsVisibleTo(@namespace)).OrderBy(service => service.IsPublic).ThenBy(service => service.Place);

    private static RegisteredService Register(
        int place, ServiceRecord record, MeshSnapshot snapshot, IEnumerable<EndpointSliceRecord> slices, Dictionary<(string, string), PodRecord> pods)
    {
        var ports = new RegisteredPort[record.Ports.Count];
        var own = slices.ToArray();
        for (var index = 0; index < ports.Length; index++)
        {
            var port = record.Ports[index];
            ports[index] = new RegisteredPort
            {
                Name = port.Name,
                Number = port.Port,
                Protocol = PortProtocols.Of(port),
                Endpoints = Endpoints(port.Name, own, record.PublishNotReadyAddresses, pods),
            };
        }

        return new RegisteredService
        {
            Place = place,
            Host = HostName.Of(record, snapshot.ClusterDomain),
            Namespace = record.Namespace,
            Name = record.Name,
            IsPassthrough = record.IsHeadless,
            ExternalName = record is { Type: "ExternalName", ExternalName.Length: > 0 } ? record.ExternalName : null,
            Ports = ports,
            ExportTo = record.ExportTo ?? snapshot.Mesh.DefaultServiceExportTo,
        };
    }

    private static RegisteredEndpoint[] Endpoints(
        string portName, EndpointSliceRecord[] slices, bool publishNotReady, Dictionary<(string, string), PodRecord> pods)
    {
        var endpoints = new List<RegisteredEndpoint>();
        foreach (var slice in slices)
        {
            if (slice.AddressType == "FQDN" || slice.Ports.FirstOrDefault(port => port.Name == portName) is not { } slicePort)
                continue;
            foreach (var endpoint in slice.Endpoints)
            {
                if (endpoint.Ready || publishNotReady)
                {
                    var pod = endpoint.Pod is null ? null : pods.GetValueOrDefault((slice.Namespace, endpoint.Pod));
                    endpoints.Add(new RegisteredEndpoint(endpoint.Address, slicePort.Port, slice.Namespace, pod));
                }
            }
        }

        return endpoints.ToArray();
    }
}
