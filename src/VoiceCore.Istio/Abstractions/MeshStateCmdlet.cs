using System.Management.Automation;
using VoiceCore.Istio.Core.Errors;
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

    private readonly Dictionary<Type, (object? Key, object Value)> _prepared = [];
    private (string Set, string Path, string? Kubeconfig, string? Context) _source;
    private MeshSnapshot? _read;
    private MeshSnapshot? _preparedFor;

    /// <summary>A file or folder of Kubernetes objects in YAML or JSON, or a saved snapshot, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SnapshotSet, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string SnapshotPath { get; set; } = "";

    /// <summary>A snapshot of <c>Import-MeshSnapshot</c>, in place of a cluster.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SnapshotObjectSet)]
    public MeshSnapshot? Snapshot { get; set; }

    /// <summary>The mesh, read once however many objects of the pipeline are about it.</summary>
    /// <exception cref="MeshException">It cannot be read.</exception>
    protected MeshSnapshot Mesh
    {
        get
        {
            if (ParameterSetName == SnapshotObjectSet)
                return Snapshot!;
            var source = (ParameterSetName, SnapshotPath, Kubeconfig, Context);
            if (_read is null || source != _source)
            {
                _read = null;
                (_read, _source) = (Read(), source);
            }

            return _read;
        }
    }

    /// <summary>
    /// What is made of the mesh once, however many objects of the pipeline are about it, with the same <paramref name="key"/>.
    /// </summary>
    /// <exception cref="MeshException">The mesh cannot be read, or what <paramref name="prepare"/> throws.</exception>
    protected T Prepared<T>(Func<MeshSnapshot, T> prepare, object? key = null)
        where T : class
    {
        var mesh = Mesh;
        if (!ReferenceEquals(_preparedFor, mesh))
            _prepared.Clear();
        _preparedFor = mesh;
        if (!_prepared.TryGetValue(typeof(T), out var known) || !Equals(known.Key, key))
            _prepared[typeof(T)] = known = (key, Judge(() => prepare(mesh)));
        return (T)known.Value;
    }

    /// <summary>Runs what may take a while over a large mesh, so that Ctrl+C gives the prompt back at once.</summary>
    protected T Judge<T>(Func<T> judge) => Compute(SnapshotText.JudgeActivity, judge);

    /// <summary>Reports each namespace that was named without wildcards and that the mesh does not have. True where there is none.</summary>
    protected bool HasNamespaces(MeshSnapshot mesh, string[] patterns)
    {
        var missing = Missing(patterns, mesh.NamespaceNames).ToArray();
        foreach (var name in missing)
            WriteError(SnapshotErrors.NamespaceNotFound(name));
        return missing.Length == 0;
    }

    private MeshSnapshot Read()
    {
        if (ParameterSetName != SnapshotSet)
            return ReadCluster();
        var path = ResolvePath(SnapshotPath);
        return Run((log, cancellationToken) => Task.FromResult(MeshSnapshotReader.ReadPath(path, log, cancellationToken)));
    }
}
