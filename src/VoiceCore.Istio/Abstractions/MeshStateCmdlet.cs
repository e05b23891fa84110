using System.Management.Automation;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Abstractions;

/// <summary>A cmdlet that judges the state of a mesh: of a cluster, or of files in its place.</summary>
public abstract class MeshStateCmdlet : KubernetesCmdlet
{
    /// <summary>The parameter set of a cluster.</summary>
    protected const string ClusterSet = "Cluster";

    /// <summary>The parameter set of files.</summary>
    protected const string SnapshotSet = "Snapshot";

    /// <summary>A file or folder of Kubernetes objects in YAML or JSON, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SnapshotSet)]
    public string SnapshotPath { get; set; } = "";

    /// <summary>The mesh.</summary>
    protected MeshSnapshot ReadSnapshot() => ParameterSetName == SnapshotSet
        ? MeshSnapshotReader.ReadPath(ResolvePath(SnapshotPath))
        : Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(Api, log, cancellationToken));
}
