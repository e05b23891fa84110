using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Sandbox;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsLifecycle.Stop, "MeshSandbox", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopMeshSandboxCommand : MeshCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var session in Name.SelectMany(pattern => SandboxNames.Find(pattern, WriteError)))
        {
            if (ShouldProcess(session.Name, "Stop mesh sandbox"))
                Run((_, stop) => SandboxSessions.StopAsync(session.Name, stop));
        }
    }
}
