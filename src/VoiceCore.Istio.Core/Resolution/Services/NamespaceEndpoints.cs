using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What the Services of one namespace lead to: its EndpointSlices and the pods behind them.</summary>
internal sealed class NamespaceEndpoints
{
    private readonly Dictionary<string, List<EndpointSliceRecord>> _slices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodRecord> _pods = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, PodRecord>> _podsByAddress;
    private readonly EndpointTopology _topology;

    internal NamespaceEndpoints(IReadOnlyList<EndpointSliceRecord> slices, IReadOnlyList<PodRecord> pods, EndpointTopology topology)
    {
        _topology = topology;
        foreach (var slice in slices)
        {
            if (slice.AddressType == "FQDN")
                continue;
            if (!_slices.TryGetValue(slice.Service, out var own))
                _slices.Add(slice.Service, own = []);
            own.Add(slice);
        }

        foreach (var pod in pods)
        {
            if (!pod.HasEnded)
                _pods[pod.Name] = pod;
        }

        _podsByAddress = new(() =>
        {
            var byAddress = new Dictionary<string, PodRecord>(StringComparer.Ordinal);
            foreach (var pod in _pods.Values)
            {
                if (pod.Ready && pod.IP.Length > 0)
                    byAddress.TryAdd(pod.IP, pod);
            }

            return byAddress;
        });
    }

    // An endpoint that comes twice counts once. One whose pod is gone is not used: nothing is known of what it takes.
    internal PortEndpoints Of(string service, string portName)
    {
        var ready = new List<RegisteredEndpoint>();
        var others = new List<RegisteredEndpoint>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var slice in _slices.GetValueOrDefault(service, []))
        {
            if (slice.Ports.FirstOrDefault(port => port.Name == portName) is not { } slicePort)
                continue;
            foreach (var endpoint in slice.Endpoints)
            {
                var pod = endpoint.Pod is null ? _podsByAddress.Value.GetValueOrDefault(endpoint.Address) : _pods.GetValueOrDefault(endpoint.Pod);
                if ((pod is not null || endpoint.Pod is null) && seen.Add(endpoint.Address))
                    (endpoint.Ready ? ready : others).Add(new RegisteredEndpoint(endpoint.Address, slicePort.Port, slice.Namespace, pod) { Topology = _topology.Of(pod, endpoint.Zone) });
            }
        }

        return new PortEndpoints(ready.ToArray(), others.ToArray());
    }
}
