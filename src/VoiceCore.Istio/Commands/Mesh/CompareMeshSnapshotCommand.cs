using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Comparison;
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
        MeshSnapshot? difference = null;
        if (!TryItem(() =>
            {
                // It is read once, however many states are compared with it.
                _reference ??= Reference!.Read(ResolvePath);
                difference = Difference?.Read(ResolvePath) ?? Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(Api, log, cancellationToken));
            }))
            return;
        foreach (var change in MeshSnapshotComparison.Run(_reference!, difference!, Area))
            WriteObject(change);
    }
}
