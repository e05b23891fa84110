using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Requirements;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsCommon.Get, "MeshRequirement", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(MeshRequirement))]
public sealed class GetMeshRequirementCommand : MeshStateCmdlet
{
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RequirementCompleter))]
    public string[] Id { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshRequirement> requirements = [];
        TryItem(() =>
        {
            var (mesh, definition) = (Mesh, LoadDefinition(DefinitionPath));
            requirements = Judge(() => RequirementCheck.Run(mesh, definition, id => IsLike(id, Id)));
        });
        WriteObject(requirements, enumerateCollection: true);
    }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var known = RequirementCheck.All.Select(requirement => requirement.Id).ToArray();
        foreach (var id in Missing(Id, known))
            WriteError(DefinitionErrors.RequirementNotFound(id, known));
    }
}
