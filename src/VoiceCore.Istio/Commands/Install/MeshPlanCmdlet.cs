using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

/// <summary>A cmdlet that compares a definition with a cluster.</summary>
public abstract class MeshPlanCmdlet : IstioctlCmdlet
{
    /// <summary>The definition's file; the VoiceCore mesh by default.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string? DefinitionPath { get; set; }

    /// <summary>The revision of the control plane; by default from istioctl's version.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Revision { get; set; }

    /// <summary>Registry of Istio's images; goes before the definition's.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Hub { get; set; }

    /// <summary>Whether the product's own services count too.</summary>
    [Parameter]
    public SwitchParameter IncludeWorkloads { get; set; }

    /// <summary>The plan; null where it could not be made and the error has been written.</summary>
    protected MeshPlan? Plan(bool prune = false)
    {
        MeshPlan? plan = null;
        TryItem(() =>
        {
            var request = new MeshInstallRequest
            {
                Definition = MeshDefinitionFile.Load(DefinitionPath is null ? null : ResolvePath(DefinitionPath)),
                Revision = Revision,
                Hub = Hub,
                IncludeWorkloads = IncludeWorkloads,
                Prune = prune,
            };
            var planner = new MeshPlanner(Api, Istioctl());
            plan = Run((log, cancellationToken) => planner.PlanAsync(request, log, cancellationToken));
        });
        foreach (var finding in plan?.Findings ?? [])
            WriteVerbose($"{finding.Code} {finding.Subject}: {finding.Message}");
        if (plan?.FindingsSummary is { } summary)
            WriteWarning(summary);
        return plan;
    }
}
