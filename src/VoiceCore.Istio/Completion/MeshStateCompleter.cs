using System.Collections;
using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Completion;

/// <summary>
/// A completer of names that snapshots hold as well as clusters: where the command line has <c>-SnapshotPath</c> or <c>-Snapshot</c>, it offers
/// what is there, and asks no cluster.
/// </summary>
public abstract class MeshStateCompleter : MeshCompleter
{
    private protected override IReadOnlyList<CompletionCandidate> Candidates(IDictionary bound)
    {
        if ((bound[nameof(MeshStateCmdlet.Snapshot)] is PSObject wrapped ? wrapped.BaseObject : bound[nameof(MeshStateCmdlet.Snapshot)]) is MeshSnapshot snapshot)
            return Read(snapshot);
        if (bound[nameof(MeshStateCmdlet.SnapshotPath)] is not string { Length: > 0 } path)
            return base.Candidates(bound);
        var file = ResolvePath(path);
        return Cached(file, stop => Task.FromResult(Read(MeshSnapshotReader.ReadPath(file, SilentActivityLog.Instance, stop))));
    }

    /// <summary>The values that a snapshot holds.</summary>
    protected abstract IReadOnlyList<CompletionCandidate> Read(MeshSnapshot mesh);
}
