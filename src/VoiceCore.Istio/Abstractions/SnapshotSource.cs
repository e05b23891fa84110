using VoiceCore.Istio.Core.Activity;
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

    /// <summary>A folder.</summary>
    public SnapshotSource(DirectoryInfo folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _path = folder.FullName;
    }

    /// <summary>A snapshot that was read before.</summary>
    public SnapshotSource(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
    }

    /// <summary>
    /// What reads the state, from whatever thread; <paramref name="resolve"/> makes a path of the file system out of what was given, at once.
    /// </summary>
    public Func<IActivityLog, CancellationToken, MeshSnapshot> Reader(Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(resolve);
        if (_snapshot is not null)
            return (_, _) => _snapshot;
        var path = resolve(_path!);
        return (log, cancellationToken) => MeshSnapshotReader.ReadPath(path, log, cancellationToken);
    }
}
