using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsCommon.Get, "MeshDependency")]
[OutputType(typeof(MeshDependency))]
public sealed class GetMeshDependencyCommand : MeshCmdlet
{
    // Not from the pipeline: a file's Name would be taken for a service's.
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [Alias("Service")]
    [ArgumentCompleter(typeof(DependencyCompleter))]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DependencyCompleter))]
    public string[] Caller { get; set; } = ["*"];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    protected override void ProcessRecord()
    {
        MeshDefinition? definition = null;
        if (!TryItem(() => definition = LoadDefinition(DefinitionPath)))
            return;
        var dependencies = MeshDependency.Of(definition!);
        foreach (var name in Missing(Name, dependencies.Select(dependency => dependency.Service)).Concat(Missing(Caller, dependencies.Select(dependency => dependency.Caller))))
            WriteError(DefinitionErrors.DependencyNotFound(name));
        WriteObject(dependencies.Where(dependency => IsLike(dependency.Service, Name) && IsLike(dependency.Caller, Caller)), enumerateCollection: true);
    }
}
