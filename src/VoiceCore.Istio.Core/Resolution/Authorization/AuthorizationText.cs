namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The four forms of a value in an AuthorizationPolicy: <c>*</c> (anything but empty), <c>*suffix</c>, <c>prefix*</c> and the exact text.
/// A star elsewhere is an ordinary character. Source: pilot/pkg/security/authz/matcher/string.go.
/// </summary>
internal static class AuthorizationText
{
    internal static Func<string, bool> Compile(string value, StringComparison comparison = StringComparison.Ordinal) => value switch
    {
        "*" => IsPresent,
        ['*', .. var suffix] => text => text.EndsWith(suffix, comparison),
        [.. var prefix, '*'] => text => text.StartsWith(prefix, comparison),
        _ => text => text.Equals(value, comparison),
    };

    /// <summary>The regular expression <c>.+</c> over the whole text, whose dot takes no line feed.</summary>
    internal static bool IsPresent(string text) => text.Length > 0 && !text.Contains('\n');
}
