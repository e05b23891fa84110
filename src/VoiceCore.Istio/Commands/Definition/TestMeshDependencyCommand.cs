using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsDiagnostic.Test, "MeshDependency", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(AccessChange), typeof(bool))]
public sealed class TestMeshDependencyCommand : MeshStateCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? DefinitionPath { get; set; }

    [Parameter]
    public SwitchParameter All { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<AccessChange> changes = [];
        var isDone = TryItem(() =>
        {
            var (mesh, definition) = (Mesh, LoadDefinition(DefinitionPath));
            changes = Judge(() => AccessSimulation.Run(mesh, definition));
        });
        if (isDone && changes.Count == 0)
            WriteWarning(SnapshotText.NobodyCalls);
        // What could not be checked is not in order.
        if (Quiet)
            WriteObject(changes.Count > 0 && !changes.Any(change => change.IsCutOff || change.IsBroken));
        else
            WriteObject(changes.Where(change => All || change.IsCutOff || change.IsBroken), enumerateCollection: true);
    }
}
