using System.Management.Automation;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Abstractions;

/// <summary>Lets a parameter of type <see cref="TimeSpan"/> take durations as Kubernetes writes them, such as <c>2160h</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        // A bare number would be 100-nanosecond ticks to PowerShell, and days in a text: nobody means either.
        if (value is null or TimeSpan || (value is string text && text.Contains(':', StringComparison.Ordinal)))
            return value!;
        try
        {
            return MeshDuration.Parse(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!);
        }
        catch (MeshException error)
        {
            throw new ArgumentTransformationMetadataException($"{error.Message} {error.RecommendedAction}", error);
        }
    }
}
