using System.Globalization;
using System.Net;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// A workload that ServiceEntries (and Services of Kubernetes) can select: a WorkloadEntry, an endpoint written in an entry, or a pod.
/// Source: <c>convertWorkloadEntryToWorkloadInstance</c> in pilot/pkg/serviceregistry/serviceentry/conversion.go.
/// </summary>
/// <param name="Address">IP, name or path of a socket.</param>
/// <param name="Pod">What policies see of it.</param>
/// <param name="Ports">Ports of its own by the names of service ports.</param>
/// <param name="Topology">Where it runs, as labels that istiod adds to its own.</param>
internal sealed record EntryWorkload(string Address, PodRecord Pod, IReadOnlyDictionary<string, int> Ports, LabelSet Topology)
{
    private const string UnixScheme = "unix://";

    /// <summary>True for an IP: only that can be told to proxies, and selected by those that look up no names.</summary>
    internal bool HasAddress { get; } = IPAddress.TryParse(Address, out _);

    internal static EntryWorkload Of(WorkloadEntry entry, EndpointTopology topology) => Of(entry.Workload, entry.Namespace, entry.Name, entry.Labels, topology);

    // Policies look at the labels of a workload as at a pod's. One with a service account has an identity, and with it mutual TLS.
    internal static EntryWorkload Of(WorkloadAddress address, string @namespace, string name, LabelSet labels, EndpointTopology topology)
    {
        var all = address.Labels.Concat(labels);
        if (address.ServiceAccount.Length > 0)
            all = all.Prepend(KeyValuePair.Create(IstioNames.TlsModeLabel, "istio"));
        var pod = new PodRecord { Namespace = @namespace, Name = name, Labels = LabelSet.Create(all), ServiceAccount = address.ServiceAccount };
        return new EntryWorkload(address.Address, pod, address.Ports, topology.Of(address.Locality, pod.Labels));
    }

    internal static EntryWorkload Of(PodRecord pod, EndpointTopology topology) => new(pod.IP, pod, PortsOf(pod), topology.Of(pod, zone: null));

    /// <summary>The ports of a pod's containers by their names; of a name that comes twice the first counts (<c>getPortMap</c> in .../kube/controller/pod.go).</summary>
    internal static IReadOnlyDictionary<string, int> PortsOf(PodRecord pod)
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, number) in pod.Containers.OrderBy(container => container.IsInit).SelectMany(container => container.NamedPorts))
            ports.TryAdd(name, int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0);
        return ports;
    }

    /// <summary>As an endpoint: a socket has no port, else the workload's own port goes before the entry's.</summary>
    internal RegisteredEndpoint Endpoint(string portName, int otherwise) => Address.StartsWith(UnixScheme, StringComparison.Ordinal)
        ? new RegisteredEndpoint(Address[UnixScheme.Length..], 0, Pod.Namespace, Pod) { Topology = Topology }
        : new RegisteredEndpoint(Address, Ports.GetValueOrDefault(portName) is > 0 and var own ? own : otherwise, Pod.Namespace, Pod) { Topology = Topology };
}
