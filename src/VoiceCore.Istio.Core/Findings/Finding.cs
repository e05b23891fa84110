namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// Something that a person should know about a definition, a configuration or a mesh: what, why it is so and what to change.
/// </summary>
/// <param name="Code">Stable code from the catalogue, such as <c>VCM0101</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found, in one sentence, with the values.</param>
/// <param name="Cause">Why it is so: the rule of Istio or Envoy behind it.</param>
/// <param name="Fix">What to change.</param>
public sealed record Finding(string Code, FindingSeverity Severity, string Message, string Cause, string Fix)
{
    /// <summary>The <see cref="Source"/> of what this module found.</summary>
    public const string Module = "VoiceCore";

    /// <summary>What it is about, such as <c>DestinationRule voicecore-ai/tenant</c> or <c>services.tenant.retries</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>The file it stands in, where it came from a file.</summary>
    public string? Path { get; init; }

    /// <summary>Line in the file, from 1; 0 where not known.</summary>
    public int Line { get; init; }

    /// <summary>Column in the line, from 1; 0 where not known.</summary>
    public int Column { get; init; }

    /// <summary>A page that explains more.</summary>
    public Uri? Link { get; init; }

    /// <summary>Who found it: this module, or <c>istioctl</c>.</summary>
    public string Source { get; init; } = Module;

    /// <summary>Why it does not count; null where it does.</summary>
    public FindingSuppression? Suppression { get; init; }
}
