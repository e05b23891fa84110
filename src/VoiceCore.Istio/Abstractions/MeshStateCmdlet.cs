using System.Management.Automation;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Abstractions;

/// <summary>A cmdlet that judges the state of a mesh: of a cluster, or of a snapshot or files in its place.</summary>
public abstract class MeshStateCmdlet : KubernetesCmdlet
{
    /// <summary>The parameter set of a cluster.</summary>
    protected const string ClusterSet = "Cluster";

    /// <summary>The parameter set of files.</summary>
    protected const string SnapshotSet = "Snapshot";

    /// <summary>The parameter set of a snapshot that was read before.</summary>
    protected const string SnapshotObjectSet = "SnapshotObject";

    private MeshSnapshot? _mesh;

    /// <summary>A file or folder of Kubernetes objects in YAML or JSON, or a saved snapshot, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SnapshotSet)]
    public string SnapshotPath { get; set; } = "";

    /// <summary>A snapshot of <c>Import-MeshSnapshot</c>, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SnapshotObjectSet)]
    public MeshSnapshot? Snapshot { get; set; }

    /// <summary>The mesh, read once however many objects come through the pipeline.</summary>
    protected MeshSnapshot Mesh => ParameterSetName == SnapshotObjectSet ? Snapshot! : _mesh ??= ReadSnapshot();

    /// <summary>The mesh as it is now.</summary>
    protected MeshSnapshot ReadSnapshot() => ParameterSetName switch
    {
        SnapshotObjectSet => Snapshot!,
        SnapshotSet => MeshSnapshotReader.ReadPath(ResolvePath(SnapshotPath)),
        _ => Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(Api, log, cancellationToken)),
    };
}
