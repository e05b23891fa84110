using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Abstractions;

/// <summary>A state of a mesh as a parameter takes it: a snapshot, or a file or folder that one can be read from.</summary>
public sealed class SnapshotSource
{
    private readonly string? _path;
    private readonly MeshSnapshot? _snapshot;

    /// <summary>A file or folder.</summary>
    public SnapshotSource(string path)
    {
        _path = path;
    }

    /// <summary>A file.</summary>
    public SnapshotSource(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _path = file.FullName;
    }

    /// <summary>A snapshot that was read before.</summary>
    public SnapshotSource(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
    }

    /// <summary>The state; <paramref name="resolve"/> makes a path of the file system out of what was given.</summary>
    public MeshSnapshot Read(Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        return _snapshot ?? MeshSnapshotReader.ReadPath(resolve(_path!));
    }
}
