namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Values of policies, in which a star may stand at the beginning or end. Source: pilot/pkg/security/authz/matcher/string.go of Istio.</summary>
internal static class TextPattern
{
    internal static bool Matches(string text, string pattern, StringComparison comparison) => pattern switch
    {
        "*" => true,
        ['*', .. var end] => text.EndsWith(end, comparison),
        [.. var start, '*'] => text.StartsWith(start, comparison),
        _ => string.Equals(text, pattern, comparison),
    };
}
