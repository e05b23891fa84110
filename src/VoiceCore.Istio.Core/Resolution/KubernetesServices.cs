using System.Globalization;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The Services of Kubernetes with their endpoints. Source: pilot/pkg/serviceregistry/kube/conversion.go,
/// pilot/pkg/serviceregistry/kube/controller/endpointslice.go.
/// </summary>
internal sealed class KubernetesServices
{
    private readonly MeshSnapshot _snapshot;
    private readonly ILookup<(string Namespace, string Service), EndpointSliceRecord> _slices;
    private readonly Dictionary<(string Namespace, string Name), PodRecord> _pods;
    private readonly Lazy<Dictionary<(string Namespace, string IP), PodRecord>> _podsByAddress;
    private readonly ILookup<string, EntryWorkload> _workloads;

    internal KubernetesServices(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _slices = snapshot.EndpointSlices.Where(slice => slice.Service.Length > 0 && slice.AddressType != "FQDN").ToLookup(slice => (slice.Namespace, slice.Service));
        _pods = new(snapshot.Pods.Count);
        foreach (var pod in snapshot.Pods)
        {
            if (pod.Phase is not ("Succeeded" or "Failed"))
                _pods[(pod.Namespace, pod.Name)] = pod;
        }

        _podsByAddress = new(() =>
        {
            var pods = new Dictionary<(string, string), PodRecord>();
            foreach (var pod in _pods.Values.Where(pod => pod.Ready && pod.IP.Length > 0))
                pods.TryAdd((pod.Namespace, pod.IP), pod);
            return pods;
        });
        _workloads = snapshot.WorkloadEntries.Select(EntryWorkload.Of).Where(workload => workload.HasAddress).ToLookup(workload => workload.Pod.Namespace, StringComparer.Ordinal);
    }

    internal RegisteredService Register(ServiceRecord record)
    {
        var slices = _slices[(record.Namespace, record.Name)].ToArray();
        var ports = new RegisteredPort[record.Ports.Count];
        for (var index = 0; index < ports.Length; index++)
        {
            var port = record.Ports[index];
            var (ready, others) = Endpoints(port.Name, slices);
            ports[index] = new RegisteredPort
            {
                Name = port.Name,
                Number = port.Port,
                Protocol = PortProtocols.Of(port),
                Endpoints = record.IsHeadless || record.Selector.Count == 0 ? ready : [.. ready, .. Workloads(record, port)],
                Unready = others,
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
            ExternalName = record is { Type: "ExternalName", ExternalName.Length: > 0 } ? record.ExternalName : null,
            Ports = ports,
            ExportTo = record.ExportTo ?? _snapshot.Mesh.DefaultServiceExportTo,
        };
    }

    // An endpoint that comes twice counts once. One whose pod is gone is not used: nothing is known of what it takes.
    private (RegisteredEndpoint[] Ready, RegisteredEndpoint[] Others) Endpoints(string portName, EndpointSliceRecord[] slices)
    {
        var ready = new List<RegisteredEndpoint>();
        var others = new List<RegisteredEndpoint>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slice in slices)
        {
            if (slice.Ports.FirstOrDefault(port => port.Name == portName) is not { } slicePort)
                continue;
            foreach (var endpoint in slice.Endpoints)
            {
                var pod = endpoint.Pod is null
                    ? _podsByAddress.Value.GetValueOrDefault((slice.Namespace, endpoint.Address))
                    : _pods.GetValueOrDefault((slice.Namespace, endpoint.Pod));
                if ((pod is not null || endpoint.Pod is null) && seen.Add(endpoint.Address))
                    (endpoint.Ready ? ready : others).Add(new RegisteredEndpoint(endpoint.Address, slicePort.Port, slice.Namespace, pod));
            }
        }

        return (ready.ToArray(), others.ToArray());
    }

    // WorkloadEntries of the namespace that the selector matches (`serviceInstancesFromWorkloadInstances` in .../kube/controller/controller.go).
    private IEnumerable<RegisteredEndpoint> Workloads(ServiceRecord record, ServicePortRecord port)
    {
        var isNumber = int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        foreach (var workload in _workloads[record.Namespace])
        {
            if (!workload.Pod.Labels.Matches(record.Selector))
                continue;
            // A target port with a name must be among the workload's ports; to a number the service port's name may be.
            var own = workload.Ports.GetValueOrDefault(isNumber || port.TargetPort.Length == 0 ? port.Name : port.TargetPort);
            if (own > 0 || isNumber || port.TargetPort.Length == 0)
                yield return new RegisteredEndpoint(workload.Address, own > 0 ? own : isNumber ? number : port.Port, record.Namespace, workload.Pod);
        }
    }
}
