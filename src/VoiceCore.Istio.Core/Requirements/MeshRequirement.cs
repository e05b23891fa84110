namespace VoiceCore.Istio.Core.Requirements;

/// <summary>A requirement of the product on its mesh, and whether it holds.</summary>
/// <param name="Id">Its number in the runbook, such as <c>1.2</c>.</param>
/// <param name="Title">What it asks for.</param>
/// <param name="Status">
/// The worst of its evidence: not satisfied where any piece is not, else not verifiable where any piece is not, else satisfied.
/// </param>
/// <param name="Reason">Why, in one sentence or two.</param>
/// <param name="Evidence">What was looked at.</param>
public sealed record MeshRequirement(string Id, string Title, RequirementStatus Status, string Reason, IReadOnlyList<RequirementEvidence> Evidence)
{
    /// <summary>The objects that were looked at.</summary>
    public IReadOnlyList<string> Objects => [.. Evidence.Select(piece => piece.Object).Distinct()];
}
