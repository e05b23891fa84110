using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsCommon.Get, "MeshDependency")]
[OutputType(typeof(MeshDependency))]
public sealed class GetMeshDependencyCommand : MeshCmdlet
{
    // Not from the pipeline: a file's Name would be taken for a service's.
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Alias("Service")]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [SupportsWildcards]
    public string[] Caller { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        MeshDefinition? definition = null;
        if (!TryItem(() => definition = LoadDefinition(DefinitionPath)))
            return;
        WriteObject(
            MeshDependency.Of(definition!).Where(dependency => IsLike(dependency.Service, Name) && IsLike(dependency.Caller, Caller)),
            enumerateCollection: true);
    }
}
