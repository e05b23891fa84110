using System.Management.Automation;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

[Cmdlet(VerbsLifecycle.Uninstall, "VoiceCoreMesh", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = MeshSet)]
[OutputType(typeof(PlanRow))]
public sealed class UninstallVoiceCoreMeshCommand : IstioctlCmdlet
{
    private const string MeshSet = "Mesh";
    private const string CrdsSet = "Crds";

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int Timeout { get; set; } = 300;

    [Parameter(Mandatory = true, ParameterSetName = CrdsSet)]
    public SwitchParameter RemoveCrds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = CrdsSet)]
    public string? ExportPath { get; set; }

    protected override void ProcessRecord()
    {
        UninstallPlan? plan = null;
        string? folder = null;
        var isPlanned = TryItem(() =>
        {
            folder = ExportPath is null ? null : ResolvePath(ExportPath);
            var product = LoadDefinition(DefinitionPath).Product;
            var planner = new MeshUninstallPlanner(Api);
            plan = Run((log, token) => planner.PlanAsync(product, RemoveCrds, log, token));
        });
        if (!isPlanned)
            return;
        if (plan!.Rows.Count == 0)
        {
            WriteWarning(MeshException.Format(PlanningText.NothingToUninstall, plan.Product, Api.Connection));
            return;
        }

        if (!ShouldProcess(Api.Connection.ToString(), plan.Summary))
        {
            WriteObject(plan.Rows, enumerateCollection: true);
            return;
        }

        if (plan.CrdSummary is { } crds && !ShouldProcess(Api.Connection.ToString(), crds))
            plan = plan.WithoutCrds();

        // Looked for before anything goes, or the control plane would be left when the rest is gone.
        IIstioctl? istioctl = null;
        if (plan.RemovesControlPlane && !TryItem(() => istioctl = Istioctl()))
            return;
        WriteSteps((log, token) => new MeshUninstaller(Api, istioctl, TimeSpan.FromSeconds(Timeout), log).ApplyAsync(plan, folder, token));
    }
}
