using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
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
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<MeshRequirement> requirements = [];
        if (TryItem(() => requirements = RequirementCheck.Run(
                ReadSnapshot(), LoadDefinition(DefinitionPath), id => IsLike(id, Id))))
            WriteObject(requirements, enumerateCollection: true);
    }
}
