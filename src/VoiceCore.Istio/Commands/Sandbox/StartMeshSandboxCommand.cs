using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Sandbox.Istioctl;
using VoiceCore.Istio.Sandbox.Running;

namespace VoiceCore.Istio.Commands.Sandbox;

[Cmdlet(VerbsLifecycle.Start, "MeshSandbox", SupportsShouldProcess = true)]
[OutputType(typeof(RunningSandbox))]
public sealed class StartMeshSandboxCommand : MeshCmdlet
{
    private RunningSandbox? _started;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidatePattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    public string Name { get; set; } = SandboxRequest.DefaultName;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string IstioVersion { get; set; } = SandboxIstioctl.DefaultVersion;

    [Parameter]
    public SwitchParameter SetEnvironment { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    protected override void ProcessRecord()
    {
        var request = new SandboxRequest { Name = Name, IstioVersion = IstioVersion, SetEnvironment = SetEnvironment };
        RunningSandbox? started = null;
        if (!TryItem(() => RunningSandboxes.Check(request = request with { Path = Path is null ? null : ResolvePath(Path) }))
            || !ShouldProcess(Name)
            || !TryItem(() => started = Run((_, cancellationToken) => RunningSandboxes.StartAsync(request, cancellationToken))))
            return;
        _started = Wait ? started : null;
        WriteObject(started);
        if (Wait)
            StopToken.WaitHandle.WaitOne();
    }

    // With -Wait the sandbox lives as long as the cmdlet, however that ends.
    protected override void Dispose(bool disposing)
    {
        if (disposing && _started is { } started)
        {
            _started = null;
            try
            {
                RunningSandboxes.StopAsync(started.Name).GetAwaiter().GetResult();
            }
            catch (MeshException)
            {
                // Stopped meanwhile by another pipeline.
            }
        }

        base.Dispose(disposing);
    }
}
