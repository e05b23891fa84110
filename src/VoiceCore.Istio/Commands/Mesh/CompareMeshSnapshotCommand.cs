using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Comparison;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsData.Compare, "MeshSnapshot")]
[OutputType(typeof(MeshChange))]
public sealed class CompareMeshSnapshotCommand : KubernetesCmdlet
{
    private MeshSnapshot? _reference;

    [Parameter(Mandatory = true, Position = 0)]
    public SnapshotSource? Reference { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true)]
    public SnapshotSource? Difference { get; set; }

    [Parameter]
    public MeshChangeArea[]? Area { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshChange> changes = [];
        TryItem(() =>
        {
            // It is read once, however many states are compared with it.
            _reference ??= Read(Reference!);
            var difference = Difference is null ? ReadCluster() : Read(Difference);
            changes = Compute(SnapshotText.JudgeActivity, () => MeshSnapshotComparison.Run(_reference, difference, Area).ToArray());
        });
        WriteObject(changes, enumerateCollection: true);
    }

    private MeshSnapshot Read(SnapshotSource source)
    {
        var read = source.Reader(ResolvePath);
        return Run((log, cancellationToken) => Task.FromResult(read(log, cancellationToken)));
    }
}
