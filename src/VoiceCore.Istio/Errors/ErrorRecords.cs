using System.Management.Automation;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Errors;

/// <summary>The one way from an exception of Core to an error record of PowerShell.</summary>
internal static class ErrorRecords
{
    internal static ErrorRecord ToErrorRecord(this MeshException error) =>
        new(error, error.Id, Enum.Parse<ErrorCategory>(error.Category.ToString()), error.Target)
        {
            // In one text: ErrorDetails.RecommendedAction would be shown a second time, and be missing where a script writes the error as a string.
            ErrorDetails = error.RecommendedAction is null ? null : new ErrorDetails($"{error.Message} {error.RecommendedAction}"),
        };
}
