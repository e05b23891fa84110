using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsData.Export, "MeshSnapshot", SupportsShouldProcess = true, DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMeshSnapshotCommand : MeshStateCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    public DateTime? Taken { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        var path = "";
        if (!TryItem(() => MeshSnapshotFile.CheckFree(path = ResolvePath(Path), Force)) || !ShouldProcess(path, "Save snapshot of the mesh"))
            return;
        var done = TryItem(() =>
        {
            var snapshot = Mesh;
            MeshSnapshotFile.Save(Taken is { } taken ? snapshot with { Taken = taken.ToUniversalTime() } : snapshot, path);
        });
        if (done && PassThru)
            WriteObject(new FileInfo(path));
    }
}
