using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Where a service's port leads.</summary>
/// <param name="Pod">The pod; null where something else than a pod is behind the address.</param>
/// <param name="Port">The workload's port.</param>
public sealed record ServiceEndpoint(PodRecord? Pod, int Port)
{
    /// <summary>The endpoints of all services, by the service's key.</summary>
    internal static ILookup<string, EndpointSliceRecord> Slices(MeshSnapshot snapshot) =>
        snapshot.EndpointSlices.Where(slice => slice.Service.Length > 0).ToLookup(slice => $"{slice.Namespace}/{slice.Service}", StringComparer.Ordinal);

    /// <summary>The endpoints of a port that take traffic.</summary>
    internal static IEnumerable<ServiceEndpoint> Of(ServiceRecord service, ServicePortRecord port, IEnumerable<EndpointSliceRecord> slices, IReadOnlyDictionary<string, PodRecord> pods) =>
        from slice in slices
        from slicePort in slice.Ports
        where slicePort.Name == port.Name
        from endpoint in slice.Endpoints
        where (endpoint.Ready || service.PublishNotReadyAddresses) && !endpoint.Terminating
        select new ServiceEndpoint(endpoint.Pod is null ? null : pods.GetValueOrDefault($"{slice.Namespace}/{endpoint.Pod}"), slicePort.Port);
}
