using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Sandbox;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsCommon.Get, "MeshSandbox")]
[OutputType(typeof(SandboxSession))]
public sealed class GetMeshSandboxCommand : MeshCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var pattern in Name)
            WriteObject(SandboxNames.Find(pattern, WriteError), enumerateCollection: true);
    }
}
