using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// An entry of the catalogue: what a code means. Message, cause and fix have places (<c>{0}</c>) for the values of one finding.
/// </summary>
/// <param name="Code">Stable code: <c>VCM</c> and four digits.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What was found.</param>
/// <param name="Cause">The rule behind it.</param>
/// <param name="Fix">What to change.</param>
/// <param name="Link">A page that explains more.</param>
public sealed record FindingRule(string Code, FindingSeverity Severity, string Message, string Cause, string Fix, string? Link = null)
{
    /// <summary>Codes of <c>istioctl analyze</c> (IST) and Kiali (KIA) with the same meaning.</summary>
    public IReadOnlyList<string> SameAs { get; init; } = [];

    /// <summary>One finding under this rule.</summary>
    public Finding At(string subject, params object?[] values) =>
        new(Code, Severity, MeshException.Format(Message, values), MeshException.Format(Cause, values), MeshException.Format(Fix, values))
        {
            Subject = subject,
            Link = Link is null ? null : new Uri(Link),
        };
}
