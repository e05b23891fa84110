using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Conditions of routes in one line.</summary>
internal static class RouteMatchText
{
    /// <summary>Such as <c>GET /api* x-canary=true</c>; <c>*</c> for every request. Who calls is not part of it: clients tell that.</summary>
    internal static string Of(HttpMatch? match)
    {
        if (match is null)
            return "*";
        var parts = new List<string>();
        Add(parts, "", match.Method);
        Add(parts, "scheme=", match.Scheme);
        Add(parts, "host=", match.Authority);
        Add(parts, "", match.Uri);
        parts.AddRange(match.QueryParameters.Select(query => $"?{Named(query)}"));
        parts.AddRange(match.Headers.Select(Named));
        parts.AddRange(match.WithoutHeaders.Select(header => $"not {Named(header)}"));
        return parts.Count == 0 ? "*" : string.Join(' ', parts);
    }

    private static void Add(List<string> parts, string name, StringMatch? match)
    {
        if (match is { Kind: not StringMatchKind.Present })
            parts.Add(name + Value(match));
    }

    private static string Named(KeyValuePair<string, StringMatch> entry) => entry.Value.Kind == StringMatchKind.Present ? entry.Key : $"{entry.Key}={Value(entry.Value)}";

    private static string Value(StringMatch match) => match.Kind switch
    {
        StringMatchKind.Prefix => match.Value + "*",
        StringMatchKind.Regex => $"~{match.Value}",
        _ => match.Value,
    };
}
