namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// A path with <c>{*}</c> (one segment) or <c>{**}</c> (any rest, over segments; the last operator of a template).
/// Source: Envoy's URI template matcher, source/extensions/path/uri_template_lib.
/// </summary>
internal static class AuthorizationPathTemplate
{
    private const string OneSegment = "{*}";
    private const string AnyRest = "{**}";

    internal static bool IsTemplate(string value) =>
        value.Contains(OneSegment, StringComparison.Ordinal) || value.Contains(AnyRest, StringComparison.Ordinal);

    internal static Func<string, bool> Compile(string template)
    {
        var segments = template.Split('/');
        var any = Array.IndexOf(segments, AnyRest);
        if (any < 0)
            return path => MatchesEach(segments, path.Split('/'));

        // What follows {**} is literal, so it is the end of the path; the rest of the path between is free.
        var head = segments[..any];
        var tail = any + 1 < segments.Length ? "/" + string.Join('/', segments[(any + 1)..]) : "";
        return path =>
        {
            if (!path.EndsWith(tail, StringComparison.Ordinal))
                return false;
            var parts = path[..^tail.Length].Split('/');
            return parts.Length > head.Length
                && MatchesEach(head, parts[..head.Length])
                && parts[head.Length..].All(part => part.All(IsSegmentCharacter));
        };
    }

    private static bool MatchesEach(string[] segments, string[] parts) =>
        segments.Length == parts.Length && segments.Zip(parts).All(pair => pair.First == OneSegment
            ? pair.Second.Length > 0 && pair.Second.All(IsSegmentCharacter)
            : pair.First == pair.Second);

    // RFC 3986's pchar: so observed on Envoy 1.40 (older ones left out "*" and "=").
    private static bool IsSegmentCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "-._~%!$&'()*+,;=:@".Contains(c);
}
