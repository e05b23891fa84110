using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Sandbox;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsLifecycle.Start, "MeshSandbox", SupportsShouldProcess = true)]
[OutputType(typeof(SandboxSession))]
public sealed class StartMeshSandboxCommand : MeshCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "voicecore-sandbox";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Kubeconfig { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string IstioVersion { get; set; } = SandboxIstioctl.DefaultVersion;

    [Parameter]
    public SwitchParameter Wait { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Name, "Start mesh sandbox"))
            return;
        SandboxSession? session = null;
        if (!TryItem(() => session = Run((_, stop) => SandboxSessions.StartAsync(Name, Kubeconfig is null ? null : ResolvePath(Kubeconfig), IstioVersion, stop))))
            return;
        WriteObject(session);
        if (!Wait)
            return;
        try
        {
            Run((_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop));
        }
        finally
        {
            SandboxSessions.StopAsync(Name, CancellationToken.None).GetAwaiter().GetResult();
        }
    }
}
