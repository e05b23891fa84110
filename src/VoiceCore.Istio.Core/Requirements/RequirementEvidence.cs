namespace VoiceCore.Istio.Core.Requirements;

/// <summary>One thing that was looked at for a requirement.</summary>
/// <param name="Object">The object, such as <c>DestinationRule voicecore-ai/tenant</c>.</param>
/// <param name="Field">What of it.</param>
/// <param name="Expected">What the requirement or the definition wants.</param>
/// <param name="Actual">What was found; null where there is nothing.</param>
/// <param name="Status">Whether the two agree.</param>
/// <param name="Detail">Why, or how it can be verified; empty where the values say it.</param>
public sealed record RequirementEvidence(string Object, string Field, string Expected, string? Actual, RequirementStatus Status, string Detail = "")
{
    /// <inheritdoc/>
    public override string ToString() =>
        Status == RequirementStatus.NotVerifiable ? $"{Object}: {Detail}"
        : $"{Object}: {Field} is {Actual ?? "not there"}, expected is {Expected}.{(Detail.Length > 0 ? " " + Detail : "")}";

    /// <summary>Evidence that holds where the texts are equal.</summary>
    internal static RequirementEvidence Of(string @object, string field, string expected, string? actual, string detail = "") =>
        new(@object, field, expected, actual, expected == actual ? RequirementStatus.Satisfied : RequirementStatus.NotSatisfied, detail);

    /// <summary>What cannot be seen, and how it can be verified.</summary>
    internal static RequirementEvidence Unseen(string @object, string field, string expected, string detail) =>
        new(@object, field, expected, null, RequirementStatus.NotVerifiable, detail);
}
