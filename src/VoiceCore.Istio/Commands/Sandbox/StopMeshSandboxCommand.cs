using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Sandbox.Errors;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsLifecycle.Stop, "MeshSandbox", SupportsShouldProcess = true)]
[OutputType(typeof(RunningSandbox))]
public sealed class StopMeshSandboxCommand : MeshCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var found = SandboxNames.Find(name);
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(SandboxErrors.NotFound(name));
            foreach (var sandbox in found.Where(sandbox => ShouldProcess(sandbox.Name)))
            {
                RunningSandbox? stopped = null;
                if (TryItem(() => stopped = Run((_, _) => RunningSandboxes.StopAsync(sandbox.Name))) && PassThru)
                    WriteObject(stopped);
            }
        }
    }
}
