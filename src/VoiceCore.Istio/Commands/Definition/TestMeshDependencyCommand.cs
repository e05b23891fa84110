using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsDiagnostic.Test, "MeshDependency", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(AccessChange), typeof(bool))]
public sealed class TestMeshDependencyCommand : MeshStateCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    [Parameter]
    public SwitchParameter All { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<AccessChange> changes = [];
        if (!TryItem(() => changes = AccessSimulation.Run(ReadSnapshot(), LoadDefinition(DefinitionPath))))
            return;
        if (Quiet)
            WriteObject(!changes.Any(change => change.IsCutOff || change.IsBroken));
        else
            WriteObject(changes.Where(change => All || change.IsCutOff || change.IsBroken), enumerateCollection: true);
    }
}
