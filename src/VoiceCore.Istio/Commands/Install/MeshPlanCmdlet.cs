using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Commands.Install;

/// <summary>A cmdlet that compares a definition with a cluster.</summary>
public abstract class MeshPlanCmdlet : MeshRequestCmdlet
{
    /// <summary>The plan; null where it could not be made and the error has been written.</summary>
    protected MeshPlan? Plan(bool prune = false)
    {
        MeshPlan? plan = null;
        TryItem(() =>
        {
            var request = Request() with { Prune = prune };
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
