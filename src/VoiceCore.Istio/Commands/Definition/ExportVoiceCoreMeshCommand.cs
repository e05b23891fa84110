using System.Management.Automation;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Commands.Definition;

[Cmdlet(VerbsData.Export, "VoiceCoreMesh", SupportsShouldProcess = true)]
[OutputType(typeof(ExportedFile))]
public sealed class ExportVoiceCoreMeshCommand : MeshCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    [Parameter]
    public string Revision { get; set; } = "default";

    [Parameter]
    public string? Hub { get; set; }

    [Parameter]
    [ValidateSet(IstioApiVersions.StableName, IstioApiVersions.CommonName)]
    public string ApiVersion { get; set; } = IstioApiVersions.StableName;

    [Parameter]
    public SwitchParameter PrometheusRule { get; set; }

    protected override void ProcessRecord()
    {
        RenderedMesh? mesh = null;
        var options = new RenderOptions
        {
            Revision = Revision,
            Hub = Hub,
            ApiVersions = IstioApiVersions.Named(ApiVersion),
            PrometheusRules = PrometheusRule,
        };
        var folder = "";
        if (!TryItem(() => (folder, mesh) = (ResolvePath(Path), MeshRenderer.Render(LoadDefinition(DefinitionPath), options))))
            return;

        WriteFindings(mesh!.Findings);
        foreach (var file in mesh.Files)
        {
            ExportedFile? plan = null;
            if (!TryItem(() => plan = MeshExport.Plan(file, folder)))
                continue;
            if (plan!.Action != ExportAction.Unchanged
                && (!ShouldProcess(plan.FullName, "Write manifest") || !TryItem(() => MeshExport.Write(file, plan))))
            {
                continue;
            }

            WriteObject(plan);
        }
    }
}
