using System.Globalization;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>Conditions of routes as people read them.</summary>
internal static class RouteMatchText
{
    /// <summary>The conditions in one line; empty where every request is taken.</summary>
    internal static string Of(IReadOnlyList<HttpMatch> matches) =>
        matches.Any(match => !Parts(match).Any()) ? "" : string.Join(" or ", matches.Select(match => string.Join(", ", Parts(match))));

    /// <summary>The headers that every one of the conditions asks for in the same way.</summary>
    internal static IReadOnlyDictionary<string, string> Headers(IReadOnlyList<HttpMatch> matches) => matches.Count == 0
        ? new Dictionary<string, string>()
        : matches[0].Headers.Where(header => matches.All(match => match.Headers.Contains(header))).ToDictionary(header => header.Key, header => Text(header.Value));

    private static IEnumerable<string> Parts(HttpMatch match)
    {
        if (match.Port != 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"port {match.Port}");
        foreach (var (name, value) in new[] { ("method", match.Method), ("uri", match.Uri), ("authority", match.Authority), ("scheme", match.Scheme) })
        {
            if (value is not null)
                yield return $"{name} {Text(value)}";
        }

        foreach (var (key, value) in match.Headers)
            yield return $"{key}={Text(value)}";
        foreach (var (key, value) in match.WithoutHeaders)
            yield return $"not {key}={Text(value)}";
        foreach (var (key, value) in match.QueryParameters)
            yield return $"?{key}={Text(value)}";
        if (match.SourceNamespace.Length > 0)
            yield return $"from namespace {match.SourceNamespace}";
        if (match.SourceLabels.Count > 0)
            yield return $"from {match.SourceLabels}";
        if (match.Gateways.Count > 0)
            yield return $"through {string.Join(' ', match.Gateways)}";
    }

    private static string Text(StringMatch match) => match.Kind switch
    {
        StringMatchKind.Present => "*",
        StringMatchKind.Prefix => match.Value + "*",
        StringMatchKind.Regex => $"/{match.Value}/",
        _ => match.Value,
    };
}
