using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The services of the mesh with their endpoints, Kubernetes' and those of ServiceEntries, oldest first. Source: <c>initServiceRegistry</c> in pilot/pkg/model/push_context.go.
/// </summary>
internal sealed class ServiceRegistry
{
    private static readonly Comparer<RegisteredService> ByAge = Comparer<RegisteredService>.Create(CompareByAge);

    private readonly Dictionary<string, RegisteredService> _byHost;
    private readonly Dictionary<string, RegisteredService[]> _visible = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RegisteredService>> _shared = new(StringComparer.Ordinal);
    private readonly ILookup<string, RegisteredService> _byNamespace;
    private readonly RegisteredService[] _public;
    private readonly RegisteredService[] _limited;

    internal ServiceRegistry(MeshSnapshot snapshot)
    {
        var topology = new EndpointTopology(snapshot);
        var kubernetes = new KubernetesServices(snapshot, topology);
        Services = new RegisteredService[snapshot.Services.Count];
        for (var index = 0; index < Services.Length; index++)
            Services[index] = kubernetes.Register(snapshot.Services[index]);
        _byHost = Services.ToDictionary(service => service.Host, StringComparer.Ordinal);
        if (snapshot.ServiceEntries.Count > 0)
            Services = [.. Services, .. Entries(new ServiceEntryServices(snapshot, topology))];
        Place();
        // Entries of one age, host and namespace keep the order of their names.
        Array.Sort(Services, static (left, right) => CompareByAge(left, right) is not 0 and var order ? order : left.Place.CompareTo(right.Place));
        Place();
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
        Find(name.Host) is { } first && first.Namespace == name.Namespace
            ? first.IsEntry ? first : null
            : _shared.GetValueOrDefault(name.Host)?.Find(service => service.Namespace == name.Namespace);

    /// <summary>
    /// The service that a VirtualService in use in a namespace means by a host: the namespace's own, else one that it sees
    /// (<c>collectImportedServices</c> in pilot/pkg/model/sidecar.go). Null where there is none.
    /// </summary>
    internal RegisteredService? Destination(string host, string @namespace) =>
        _shared.TryGetValue(host, out var shared)
            ? RegisteredService.Chosen(shared.Where(service => service.IsDestinationOf(@namespace)), @namespace)
            : Find(host) is { } service && service.IsDestinationOf(@namespace) ? service : null;

    /// <summary>
    /// The services that a namespace asks for by namespace and host, without a wildcard, the oldest first
    /// (<c>servicesForExactHosts</c> in pilot/pkg/model/sidecar.go).
    /// </summary>
    internal IEnumerable<RegisteredService> Named(IEnumerable<(string Namespace, string Host)> names, string @namespace) =>
        names.Select(name => Of(name.Host, name.Namespace)).OfType<RegisteredService>().Where(service => service.IsExportedTo(@namespace)).OrderBy(service => service.Place);

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
    internal IReadOnlyList<RegisteredService> VisibleTo(string @namespace, IReadOnlyCollection<string>? inNamespaces)
    {
        if (inNamespaces is null)
            return VisibleTo(@namespace);
        var services = new List<RegisteredService>();
        foreach (var name in inNamespaces)
        {
            foreach (var service in _byNamespace[name])
            {
                if (service.IsVisibleTo(@namespace))
                    services.Add(service);
            }
        }

        services.Sort(static (left, right) => left.IsPublic == right.IsPublic ? left.Place.CompareTo(right.Place) : left.IsPublic ? 1 : -1);
        return services;
    }

    private void Place()
    {
        for (var place = 0; place < Services.Length; place++)
            Services[place].Place = place;
    }

    // The one that stands for a host in a namespace: Kubernetes', else the oldest.
    private RegisteredService? Of(string host, string @namespace) => Find(host) is { } first && first.Namespace == @namespace
        ? first
        : _shared.GetValueOrDefault(host)?.Find(service => service.Namespace == @namespace);

    // Hosts with their endpoints, which entries and a Service of the same host and namespace share.
    private IReadOnlyList<RegisteredService> Entries(ServiceEntryServices entries)
    {
        foreach (var group in entries.All.GroupBy(service => (service.Namespace, service.Host)))
        {
            var first = _byHost.GetValueOrDefault(group.Key.Host);
            RegisteredService[] own = first is not null && first.Namespace == group.Key.Namespace ? [first] : [];
            NamedEndpoint[] endpoints =
            [
                .. own.SelectMany(service => service.Ports).SelectMany(port => port.Endpoints.Select(endpoint => new NamedEndpoint(port.Name, 0, endpoint))),
                .. entries.Endpoints(group.Key.Namespace, group.Key.Host),
            ];
            foreach (var service in own.Concat(group))
            {
                foreach (var port in service.Ports)
                    port.Endpoints = NamedEndpoint.Behind(service, port, endpoints);
            }
        }

        foreach (var service in entries.All.Order(ByAge))
        {
            if (_byHost.TryAdd(service.Host, service))
                continue;
            var first = _byHost[service.Host];
            if (!_shared.TryGetValue(service.Host, out var shared))
                _shared.Add(service.Host, shared = [first]);
            shared.Add(service);
            first.OfSameHost = service.OfSameHost = shared;
        }

        return entries.All;
    }

    // `SortServicesByCreationTime` in pilot/pkg/model/push_context.go.
    private static int CompareByAge(RegisteredService left, RegisteredService right)
    {
        var order = left.Created.CompareTo(right.Created);
        if (order == 0)
            order = string.CompareOrdinal(left.Name, right.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Namespace, right.Namespace);
    }
}
