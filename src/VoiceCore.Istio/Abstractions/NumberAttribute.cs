using System.Management.Automation;

namespace VoiceCore.Istio.Abstractions;

/// <summary>
/// Refuses a number with a comma. PowerShell takes it for a mark between thousands: '0,5', as half of Europe and its spreadsheets write a half,
/// would be 5.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is string text && text.Contains(',', StringComparison.Ordinal))
            throw new ArgumentTransformationMetadataException($"'{text}' has a comma. Write the decimal places behind a point, as in 0.5, and no marks between thousands.");
        return inputData;
    }
}
