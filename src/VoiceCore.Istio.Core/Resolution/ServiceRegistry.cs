using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The services of the mesh with their endpoints, Kubernetes' and those of ServiceEntries, oldest first. Source: pilot/pkg/serviceregistry/kube/conversion.go and
/// <c>initServiceRegistry</c> in pilot/pkg/model/push_context.go.
/// </summary>
internal sealed class ServiceRegistry
{
    private readonly Dictionary<string, RegisteredService> _byHost;
    private readonly Dictionary<string, RegisteredService[]> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RegisteredService>> _shared = new(StringComparer.Ordinal);
    private readonly ILookup<string, RegisteredService> _byNamespace;
    private readonly RegisteredService[] _public;
    private readonly RegisteredService[] _limited;

    internal ServiceRegistry(MeshSnapshot snapshot)
    {
        var slices = snapshot.EndpointSlices.Where(slice => slice.Service.Length > 0).ToLookup(slice => (slice.Namespace, slice.Service));
        var pods = new Dictionary<(string, string), PodRecord>(snapshot.Pods.Count);
        foreach (var pod in snapshot.Pods)
            pods[(pod.Namespace, pod.Name)] = pod;

        Services = new RegisteredService[snapshot.Services.Count];
        for (var index = 0; index < Services.Length; index++)
            Services[index] = Register(snapshot.Services[index], snapshot, slices[(snapshot.Services[index].Namespace, snapshot.Services[index].Name)], pods);
        _byHost = Services.ToDictionary(service => service.Host, StringComparer.Ordinal);
        if (snapshot.ServiceEntries.Count > 0)
            Services = [.. Services, .. Entries(snapshot)];
        Array.Sort(Services, CompareByAge);
        for (var place = 0; place < Services.Length; place++)
            Services[place].Place = place;
        _byNamespace = Services.ToLookup(service => service.Namespace, StringComparer.Ordinal);
        _public = Array.FindAll(Services, service => service.IsPublic);
        _limited = Array.FindAll(Services, service => !service.IsPublic);
    }

    internal RegisteredService[] Services { get; }

    /// <summary>True where several namespaces have a service of one host.</summary>
    internal bool HasSharedHosts => _shared.Count > 0;

    /// <summary>The service of a host; of several, Kubernetes' or else the oldest.</summary>
    internal RegisteredService? Find(string host) => _byHost.GetValueOrDefault(host);

    /// <summary>The host of a ServiceEntry; null where a Service of Kubernetes in the same namespace has it.</summary>
    internal RegisteredService? Find(ServiceHost name) =>
        Find(name.Host) is { IsEntry: true } only && only.Namespace == name.Namespace
            ? only
            : _shared.GetValueOrDefault(name.Host)?.Find(service => service.IsEntry && service.Namespace == name.Namespace);

    /// <summary>
    /// The service that a VirtualService in use in a namespace means by a host: the namespace's own, else one that it sees
    /// (<c>collectImportedServices</c> in pilot/pkg/model/sidecar.go). Null where there is none.
    /// </summary>
    internal RegisteredService? Destination(string host, string @namespace) =>
        _shared.TryGetValue(host, out var shared)
            ? RegisteredService.Chosen(shared.Where(service => service.Namespace == @namespace || service.IsVisibleTo(@namespace)), @namespace)
            : Find(host) is { } service && (service.Namespace == @namespace || service.IsVisibleTo(@namespace)) ? service : null;

    /// <summary>True where the namespace sees something else than what is public.</summary>
    internal bool HasOwn(string @namespace) =>
        VisibleTo(@namespace) != _public || _shared.Values.Any(services => services.Exists(service => service.Namespace == @namespace));

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

    // A host that a Service of the same namespace has is the Service's.
    private IEnumerable<RegisteredService> Entries(MeshSnapshot snapshot)
    {
        foreach (var service in new ServiceEntryServices(snapshot).All())
        {
            if (_byHost.TryAdd(service.Host, service))
            {
                yield return service;
            }
            else if (_byHost[service.Host] is var first && (first.IsEntry || first.Namespace != service.Namespace))
            {
                if (!_shared.TryGetValue(service.Host, out var shared))
                    _shared.Add(service.Host, shared = [first]);
                shared.Add(service);
                first.OfSameHost = service.OfSameHost = shared;
                yield return service;
            }
        }
    }

    // `SortServicesByCreationTime` in pilot/pkg/model/push_context.go.
    private static int CompareByAge(RegisteredService left, RegisteredService right)
    {
        var order = left.Created.CompareTo(right.Created);
        if (order == 0)
            order = string.CompareOrdinal(left.Name, right.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Namespace, right.Namespace);
    }

    private static RegisteredService Register(
        ServiceRecord record, MeshSnapshot snapshot, IEnumerable<EndpointSliceRecord> slices, Dictionary<(string, string), PodRecord> pods)
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
            Created = record.Created,
            Host = HostName.Of(record, snapshot.ClusterDomain),
            Namespace = record.Namespace,
            Name = record.Name,
            HasAddress = !record.IsHeadless,
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
