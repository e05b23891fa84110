using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Verification;

/// <summary>What a plan says of the installation: pure.</summary>
internal static class DefinitionCheck
{
    /// <summary>One check for each object of the plan.</summary>
    internal static IEnumerable<InstallationCheck> Of(MeshPlan plan) => plan.Rows.Where(row => !row.IsLeftover).Select(Of);

    private static InstallationCheck Of(PlanRow row) => row.Action switch
    {
        PlanAction.Unchanged => InstallationCheck.Ok(InstallationAspect.Definition, row.Object.ToString(), "As the definition says."),
        PlanAction.Unknown => InstallationCheck.Unknown(InstallationAspect.Definition, row.Object.ToString(), row.Reason ?? ""),
        PlanAction.Create => InstallationCheck.Failed(InstallationAspect.Definition, row.Object.ToString(), "It does not exist."),
        _ => InstallationCheck.Failed(
            InstallationAspect.Definition,
            row.Object.ToString(),
            string.Join(' ', row.Differences.Select(difference => $"{difference}.").Append(row.Reason is null ? "" : MeshException.Sentence(row.Reason))).TrimEnd()),
    };
}
