using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Which services lead to which workloads.</summary>
public sealed class WorkloadServices
{
    private readonly string _clusterDomain;
    private readonly ServiceRegistry _registry;

    /// <summary>Prepares a snapshot.</summary>
    public WorkloadServices(MeshSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _clusterDomain = snapshot.ClusterDomain;
        _registry = new ServiceRegistry(snapshot);
    }

    /// <summary>True where a pod of the workload is behind a port of the service.</summary>
    public bool LeadsTo(ServiceRecord record, MeshWorkload workload) =>
        record.Namespace == workload.Namespace
        && _registry.Find(HostName.Of(record, _clusterDomain))!.Ports.SelectMany(port => port.Endpoints)
            .Any(endpoint => endpoint.Pod is { } pod && workload.Pods.Contains(pod.Name));
}
