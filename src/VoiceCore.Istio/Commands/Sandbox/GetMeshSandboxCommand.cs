using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Sandbox.Errors;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsCommon.Get, "MeshSandbox")]
[OutputType(typeof(RunningSandbox))]
public sealed class GetMeshSandboxCommand : MeshCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = SandboxNames.Find(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(SandboxErrors.NotFound(name));
            WriteObject(found, enumerateCollection: true);
        }
    }
}
