using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>A label selector in its text form (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors): all requirements hold.</summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<Func<IReadOnlyDictionary<string, string>, bool>> _requirements;

    private LabelSelector(IReadOnlyList<Func<IReadOnlyDictionary<string, string>, bool>> requirements) => _requirements = requirements;

    /// <exception cref="ApiException">400: it is none.</exception>
    internal static LabelSelector Parse(string? text) => new(Split(text ?? "").Select(Requirement).ToArray());

    internal bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.All(requirement => requirement(labels));

    // Commas within parentheses belong to a list of values.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (text[at] != ',' || depth > 0))
            {
                depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
                continue;
            }

            if (text[start..at].Trim() is { Length: > 0 } part)
                yield return part;
            start = at + 1;
        }
    }

    private static Func<IReadOnlyDictionary<string, string>, bool> Requirement(string text)
    {
        if (text.EndsWith(')') && text.IndexOf('(', StringComparison.Ordinal) is var open and > 0)
        {
            var values = text[(open + 1)..^1].Split(',').Select(value => value.Trim()).ToHashSet(StringComparer.Ordinal);
            return text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
            {
                [var key, "in"] => labels => labels.TryGetValue(key, out var value) && values.Contains(value),
                [var key, "notin"] => labels => !labels.TryGetValue(key, out var value) || !values.Contains(value),
                _ => throw Malformed(text),
            };
        }

        foreach (var (sign, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            if (text.IndexOf(sign, StringComparison.Ordinal) is var at and > 0)
            {
                var (key, wanted) = (text[..at].Trim(), text[(at + sign.Length)..].Trim());
                return labels => (labels.TryGetValue(key, out var value) && value == wanted) == equal;
            }
        }

        if (text.Contains(' ', StringComparison.Ordinal) || text.Contains('(', StringComparison.Ordinal))
            throw Malformed(text);
        return text[0] == '!' ? labels => !labels.ContainsKey(text[1..]) : labels => labels.ContainsKey(text);
    }

    private static ApiException Malformed(string text) => ApiErrors.BadRequest($"unable to parse requirement: {text}");
}
