using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The Services of Kubernetes with their endpoints. Source: pilot/pkg/serviceregistry/kube/conversion.go,
/// pilot/pkg/serviceregistry/kube/controller/endpointslice.go.
/// </summary>
internal sealed class KubernetesServices
{
    private readonly MeshSnapshot _snapshot;
    private readonly NamespacedList<EndpointSliceRecord> _slices;
    private readonly NamespacedList<PodRecord> _pods;
    private readonly Dictionary<string, NamespaceEndpoints> _endpoints = new(StringComparer.Ordinal);
    private readonly EndpointTopology _topology;
    private readonly ILookup<string, EntryWorkload> _workloads;

    internal KubernetesServices(MeshSnapshot snapshot, EndpointTopology topology)
    {
        _snapshot = snapshot;
        _topology = topology;
        _slices = NamespacedList<EndpointSliceRecord>.Of(snapshot.EndpointSlices);
        _pods = NamespacedList<PodRecord>.Of(snapshot.Pods);
        _workloads = snapshot.WorkloadEntries.Select(entry => EntryWorkload.Of(entry, topology)).Where(workload => workload.HasAddress).ToLookup(workload => workload.Pod.Namespace, StringComparer.Ordinal);
    }

    internal RegisteredService Register(ServiceRecord record)
    {
        var ports = new RegisteredPort[record.Ports.Count];
        for (var index = 0; index < ports.Length; index++)
        {
            var port = record.Ports[index];
            ports[index] = new RegisteredPort
            {
                Name = port.Name,
                Number = port.Port,
                Protocol = PortProtocols.Of(port),
                Find = () => Endpoints(record, port),
            };
        }

        return new RegisteredService
        {
            Created = record.Created,
            Host = HostName.Of(record, _snapshot.ClusterDomain),
            Namespace = record.Namespace,
            Name = record.Name,
            HasAddress = !record.IsHeadless,
            Resolution = record.IsHeadless ? ServiceResolution.Passthrough : ServiceResolution.Known,
            IsNodeLocal = record.NodeLocal,
            ExternalName = record is { Type: "ExternalName", ExternalName.Length: > 0 } ? record.ExternalName : null,
            Ports = ports,
            ExportTo = record.ExportTo ?? _snapshot.Mesh.DefaultServiceExportTo,
        };
    }

    // What a namespace holds is looked at when the first of its services is asked for.
    private PortEndpoints Endpoints(ServiceRecord record, ServicePortRecord port)
    {
        var name = record.Namespace;
        if (!_endpoints.TryGetValue(name, out var own))
            _endpoints.Add(name, own = new NamespaceEndpoints(_slices.In(name), _pods.In(name), _topology));
        var endpoints = own.Of(record.Name, port.Name);
        return record.IsHeadless || record.Selector.Count == 0 ? endpoints : endpoints with { Ready = [.. endpoints.Ready, .. Workloads(record, port)] };
    }

    // WorkloadEntries of the namespace that the selector matches (`serviceInstancesFromWorkloadInstances` in .../kube/controller/controller.go).
    private IEnumerable<RegisteredEndpoint> Workloads(ServiceRecord record, ServicePortRecord port)
    {
        foreach (var workload in _workloads[record.Namespace])
        {
            if (!workload.Pod.Labels.Matches(record.Selector))
                continue;
            // A target port with a name must be among the workload's ports; to a number the service port's name may be.
            var own = workload.Ports.GetValueOrDefault(port.TargetNumber is null ? port.TargetPort : port.Name);
            if ((own > 0 ? own : port.TargetNumber) is { } number)
                yield return new RegisteredEndpoint(workload.Address, number, record.Namespace, workload.Pod) { Topology = workload.Topology };
        }
    }
}
