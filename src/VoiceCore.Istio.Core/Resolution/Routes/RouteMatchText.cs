using System.Globalization;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Conditions of routes in one line, such as <c>GET /api* x-canary=true</c>: <c>*</c> ends what must only begin so, <c>~</c> begins an
/// expression, and <c>*</c> alone is every request.
/// </summary>
internal static class RouteMatchText
{
    private const string Everything = "*";

    /// <summary>What a condition asks of requests. Who calls is not part of it: clients tell that.</summary>
    internal static string Of(HttpMatch? match) => match is null ? Everything : Line(OfRequest(match));

    /// <summary>Conditions as written, any of which is enough, with what they ask of callers.</summary>
    internal static string Of(IReadOnlyList<HttpMatch> matches)
    {
        var lines = matches.Select(match => Line(OfRequest(match).Concat(OfCaller(match)))).ToArray();
        return lines.Length == 0 || lines.Contains(Everything) ? Everything : string.Join(" or ", lines);
    }

    /// <summary>The headers that every one of the conditions asks for in the same way.</summary>
    internal static IReadOnlyDictionary<string, string> Headers(IReadOnlyList<HttpMatch> matches) => matches.Count == 0
        ? new Dictionary<string, string>()
        : matches[0].Headers.Where(header => matches.All(match => match.Headers.Contains(header))).ToDictionary(header => header.Key, header => Value(header.Value));

    private static IEnumerable<string> OfRequest(HttpMatch match)
    {
        foreach (var (name, value) in new[] { ("", match.Method), ("scheme=", match.Scheme), ("host=", match.Authority), ("", match.Uri) })
        {
            if (value is { Kind: not StringMatchKind.Present })
                yield return name + Value(value);
        }

        foreach (var query in match.QueryParameters)
            yield return $"?{Named(query)}";
        foreach (var header in match.Headers)
            yield return Named(header);
        foreach (var header in match.WithoutHeaders)
            yield return $"not {Named(header)}";
    }

    private static IEnumerable<string> OfCaller(HttpMatch match)
    {
        if (match.Port != 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"port={match.Port}");
        if (match.SourceNamespace.Length > 0)
            yield return $"from={match.SourceNamespace}";
        if (match.SourceLabels.Count > 0)
            yield return $"from={match.SourceLabels}";
        if (match.Gateways.Count > 0)
            yield return $"through={string.Join(',', match.Gateways)}";
    }

    private static string Line(IEnumerable<string> parts) => string.Join(' ', parts) is { Length: > 0 } line ? line : Everything;

    private static string Named(KeyValuePair<string, StringMatch> entry) => entry.Value.Kind == StringMatchKind.Present ? entry.Key : $"{entry.Key}={Value(entry.Value)}";

    private static string Value(StringMatch match) => match.Kind switch
    {
        StringMatchKind.Present => Everything,
        StringMatchKind.Prefix => match.Value + "*",
        StringMatchKind.Regex => $"~{match.Value}",
        _ => match.Value,
    };
}
