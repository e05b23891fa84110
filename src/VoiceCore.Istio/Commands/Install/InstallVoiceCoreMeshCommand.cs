using System.Management.Automation;
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

    protected override void ProcessRecord()
    {
        if (Plan() is not { } plan)
            return;
        if (!ShouldProcess(Api.Connection.ToString(), plan.Summary))
        {
            WriteObject(plan.Rows, enumerateCollection: true);
            return;
        }

        foreach (var step in Stream((log, token) => new MeshInstaller(Api, Istioctl(), TimeSpan.FromSeconds(Timeout), log).ApplyAsync(plan, Force, token)))
        {
            if (step.Error is not null)
                WriteError(step.Error);
            else
                WriteObject(step.Row);
        }
    }
}
