using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsData.Import, "MeshSnapshot", DefaultParameterSetName = PathSet)]
[OutputType(typeof(MeshSnapshot))]
public sealed class ImportMeshSnapshotCommand : MeshCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var file in ParameterSetName == LiteralPathSet ? Files(LiteralPath, areLiteral: true) : Files(Path, areLiteral: false))
        {
            MeshSnapshot? snapshot = null;
            if (TryItem(() => snapshot = Compute(SnapshotText.ReadActivity, () => MeshSnapshotFile.Load(file))))
                WriteObject(snapshot);
        }
    }
}
