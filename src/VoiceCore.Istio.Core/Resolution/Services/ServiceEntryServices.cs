using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The services of ServiceEntries, one for each host. Source: pilot/pkg/serviceregistry/serviceentry/conversion.go.</summary>
internal sealed class ServiceEntryServices
{
    private readonly MeshSnapshot _snapshot;
    private readonly EndpointTopology _topology;
    private readonly ILookup<string, LabelSet> _namespaceLabels;
    private readonly ILookup<string, EntryWorkload> _workloads;
    private readonly Dictionary<(string Namespace, string Host), List<NamedEndpoint>> _endpoints = [];

    internal ServiceEntryServices(MeshSnapshot snapshot, EndpointTopology topology)
    {
        _snapshot = snapshot;
        _topology = topology;
        _namespaceLabels = snapshot.Namespaces.ToLookup(item => item.Name, item => item.Labels, StringComparer.Ordinal);
        // Only namespaces whose entries select workloads need them. Where one is wanted it is the first, of pods or else of entries, by name.
        var selecting = snapshot.ServiceEntries.Where(entry => entry.WorkloadSelector is not null).Select(entry => entry.Namespace).ToHashSet(StringComparer.Ordinal);
        _workloads = selecting.SelectMany(NamespacedList<PodRecord>.Of(snapshot.Pods).In).Where(pod => pod.Ready && pod.IP.Length > 0 && !pod.HasEnded).Select(pod => EntryWorkload.Of(pod, topology))
            .Concat(snapshot.WorkloadEntries.Where(entry => selecting.Contains(entry.Namespace)).Select(entry => EntryWorkload.Of(entry, topology)))
            .ToLookup(workload => workload.Pod.Namespace, StringComparer.Ordinal);
        All = Register();
    }

    /// <summary>The services, the oldest entry first; without endpoints, for which other objects must be asked as well.</summary>
    internal IReadOnlyList<RegisteredService> All { get; }

    /// <summary>The endpoints that entries of a namespace give to a host.</summary>
    internal IReadOnlyList<NamedEndpoint> Endpoints(string @namespace, string host) => _endpoints[(@namespace, host)];

    // Entries of a namespace that name the same host are one service with the ports of all, where nothing keeps them apart
    // (`canMergeServices` in pilot/pkg/model/sidecar.go).
    private List<RegisteredService> Register()
    {
        var known = new Dictionary<(string, string, ServiceResolution, LabelSet, LabelSet?, string), RegisteredService>();
        var all = new List<RegisteredService>();
        var entries = _snapshot.ServiceEntries.ToArray();
        Array.Sort(entries, MeshObject.CompareByAge);
        foreach (var entry in entries)
        {
            var exportTo = string.Join(',', entry.ExportTo.Distinct().Order(StringComparer.Ordinal));
            foreach (var host in entry.Hosts)
            {
                var service = Register(entry, host);
                AddEndpoints(entry, service);
                var key = (entry.Namespace, host, service.Resolution, entry.Labels, entry.WorkloadSelector is { Count: > 0 } selector ? selector : null, exportTo);
                if (known.TryAdd(key, service))
                    all.Add(service);
                else
                    known[key].Ports = [.. known[key].Ports, .. service.Ports.Where(port => known[key].Port(port.Number) is null)];
            }
        }

        return all;
    }

    private RegisteredService Register(ServiceEntry entry, string host) => new()
    {
        Created = entry.Created,
        Host = host,
        Namespace = entry.Namespace,
        Name = host,
        IsEntry = true,
        IsExternal = !entry.IsMeshInternal,
        Resolution = entry.Resolution switch
        {
            "STATIC" => ServiceResolution.Known,
            "DNS" => ServiceResolution.Dns,
            "DNS_ROUND_ROBIN" => ServiceResolution.DnsRoundRobin,
            "DYNAMIC_DNS" => ServiceResolution.DynamicDns,
            _ => ServiceResolution.Passthrough,
        },
        TriesAllAddresses = string.Equals(entry.Annotations[IstioNames.ConnectStrategy], "RACE_FIRST_TCP_CONNECT", StringComparison.OrdinalIgnoreCase),
        HasAddress = entry.Addresses is [var first, ..] && !IsRange(first),
        Ports = entry.Ports.Select(port => new RegisteredPort { Name = port.Name, Number = port.Port, Protocol = PortProtocols.Parse(port.AppProtocol ?? "") }).ToArray(),
        ExportTo = ExportTo(entry),
    };

    // The mesh config can narrow who sees an entry, never widen it (`serviceExportTo` in pilot/pkg/model/push_context.go).
    private IReadOnlyList<string> ExportTo(ServiceEntry entry)
    {
        var given = entry.ExportTo.Count > 0 ? entry.ExportTo : _snapshot.Mesh.DefaultServiceExportTo;
        return _snapshot.Mesh.ServiceEntryVisibility?.Of(_namespaceLabels[entry.Namespace].FirstOrDefault(LabelSet.Empty)) switch
        {
            "NAMESPACE" when given.Any(target => target is "*" or "." || target == entry.Namespace) => ["."],
            "NAMESPACE" or "NONE" => ["~"],
            _ => given,
        };
    }

    private void AddEndpoints(ServiceEntry entry, RegisteredService service)
    {
        var key = (entry.Namespace, service.Host);
        if (!_endpoints.TryGetValue(key, out var known))
            _endpoints.Add(key, known = []);
        var workloads = entry.WorkloadSelector is { } selector
            ? _workloads[entry.Namespace].Where(workload => workload.Pod.Labels.Matches(selector) && (service.IsLookedUp || workload.HasAddress))
            : entry.Endpoints.Select(endpoint => EntryWorkload.Of(endpoint, entry.Namespace, entry.Name, LabelSet.Empty, _topology));
        if (service.IsLookedUp && entry is { WorkloadSelector: null, Endpoints.Count: 0 })
            workloads = [EntryWorkload.Of(new WorkloadAddress(service.Host, LabelSet.Empty, WorkloadAddress.None.Ports, ""), entry.Namespace, entry.Name, LabelSet.Empty, _topology)];
        var list = workloads.ToArray();
        // Each address of the entry brings the endpoints once more.
        for (var times = Math.Max(entry.Addresses.Count, 1); times > 0; times--)
        {
            foreach (var workload in list)
            {
                foreach (var port in entry.Ports)
                {
                    // A host that takes one endpoint has the first of all that are there for the port.
                    if (service.Resolution != ServiceResolution.DnsRoundRobin || !known.Exists(other => other.PortNumber == port.Port))
                        known.Add(new NamedEndpoint(port.Name, port.Port, workload.Endpoint(port.Name, port.TargetNumber ?? port.Port)));
                }
            }
        }
    }

    // A range is listened for on every address; a range of one is an address.
    private static bool IsRange(string address) =>
        address.Contains('/') && !address.EndsWith(address.Contains(':') ? "/128" : "/32", StringComparison.Ordinal);
}
