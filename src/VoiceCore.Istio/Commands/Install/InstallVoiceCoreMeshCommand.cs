using System.Management.Automation;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

[Cmdlet(VerbsLifecycle.Install, "VoiceCoreMesh", SupportsShouldProcess = true)]
[OutputType(typeof(PlanRow))]
public sealed class InstallVoiceCoreMeshCommand : MeshPlanCmdlet
{
    [Parameter]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 300;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Prune { get; set; }

    protected override void ProcessRecord()
    {
        if (Plan(Prune) is not { } plan)
            return;
        if (!ShouldProcess(Api.Connection.ToString(), plan.Summary))
        {
            WriteObject(plan.Rows, enumerateCollection: true);
            return;
        }

        IIstioctl? istioctl = null;
        if (TryItem(() => istioctl = Istioctl()))
            WriteSteps((log, token) => new MeshInstaller(Api, istioctl!, TimeSpan.FromSeconds(Timeout), log).ApplyAsync(plan, Force, token));
    }
}
