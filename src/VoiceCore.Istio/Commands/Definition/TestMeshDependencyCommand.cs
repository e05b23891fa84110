using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsDiagnostic.Test, "MeshDependency", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(AccessChange), typeof(bool))]
public sealed class TestMeshDependencyCommand : KubernetesCmdlet
{
    private const string ClusterSet = "Cluster";
    private const string SnapshotSet = "Snapshot";

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SnapshotSet)]
    public string SnapshotPath { get; set; } = "";

    [Parameter]
    public SwitchParameter All { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<AccessChange> changes = [];
        if (!TryItem(() => changes = AccessSimulation.Run(Snapshot(), MeshDefinitionFile.Load(DefinitionPath is null ? null : ResolvePath(DefinitionPath)))))
            return;
        if (Quiet)
            WriteObject(!changes.Any(change => change.IsCutOff || change.IsBroken));
        else
            WriteObject(changes.Where(change => All || change.IsCutOff || change.IsBroken), enumerateCollection: true);
    }

    private MeshSnapshot Snapshot() => ParameterSetName == SnapshotSet
        ? MeshSnapshotReader.ReadPath(ResolvePath(SnapshotPath))
        : Run((log, cancellationToken) => ClusterSnapshot.ReadAsync(Api, log, cancellationToken));
}
