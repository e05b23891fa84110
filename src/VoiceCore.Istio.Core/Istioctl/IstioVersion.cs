using System.Globalization;
using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>
/// A version of Istio as its programs print it: <c>1.30.3</c>, <c>1.31.0-alpha.0</c>, <c>1.31-dev</c> or a name of a private build
/// that starts with <c>MAJOR.MINOR</c>. Ordered by major, minor and patch; the rest only names the build.
/// </summary>
public sealed partial record IstioVersion(int Major, int Minor, int Patch, string Text) : IComparable<IstioVersion>
{
    /// <summary>Reads a version; null where the text does not start with MAJOR.MINOR.</summary>
    public static IstioVersion? TryParse(string? text)
    {
        var match = Pattern().Match(text ?? "");
        return match.Success ? new IstioVersion(Number(match, 1), Number(match, 2), Number(match, 3), match.Value) : null;
    }

    /// <summary>The revision that the module uses by default for this version: <c>1.30.3</c> gives <c>1-30-3</c>.</summary>
    public string DefaultRevision => string.Create(CultureInfo.InvariantCulture, $"{Major}-{Minor}-{Patch}");

    /// <inheritdoc/>
    public int CompareTo(IstioVersion? other) =>
        other is null ? 1 : (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static int Number(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?(?:[-.+][0-9A-Za-z.+-]*)?")]
    private static partial Regex Pattern();
}
