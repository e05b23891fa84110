using System.IO.Enumeration;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>A decision that findings of a code do not count for some objects.</summary>
/// <param name="Code">A code of the catalogue, or one of <c>istioctl analyze</c> or Kiali that means the same.</param>
/// <param name="Object">What it is for: a pattern of subjects such as <c>DestinationRule shop/*</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Expires">The last day on which it holds (UTC); null where it has no end.</param>
/// <param name="Line">Its line in the file; 0 where an annotation says it.</param>
public sealed record FindingSuppression(string Code, string Object, string Reason, DateOnly? Expires, int Line)
{
    // Only annotations have it: a file names what it suppresses.
    private const string AnyCode = "*";

    /// <summary>True where the finding is meant, whether the suppression still holds or not.</summary>
    public bool Means(Finding finding) =>
        (Code == AnyCode || finding.Code == Code || FindingCatalog.Find(finding.Code)?.SameAs.Contains(Code) == true)
        && FileSystemName.MatchesSimpleExpression(Object, finding.Subject ?? "", ignoreCase: false);

    /// <summary>True on the days on which it holds.</summary>
    public bool HoldsOn(DateOnly day) => Expires is not { } last || day <= last;
}
