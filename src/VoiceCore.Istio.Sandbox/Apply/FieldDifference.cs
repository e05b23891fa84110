namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>The fields in which two states differ.</summary>
/// <param name="Added">Only in the later one.</param>
/// <param name="Modified">In both, with another value.</param>
/// <param name="Removed">Only in the earlier one.</param>
internal sealed record FieldDifference(FieldSet Added, FieldSet Modified, FieldSet Removed)
{
    /// <summary>What the later state says anew.</summary>
    internal FieldSet Written => Added.Union(Modified);

    internal bool IsNone => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;
}
