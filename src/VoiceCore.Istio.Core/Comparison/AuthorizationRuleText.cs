using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>
/// A rule of an AuthorizationPolicy in one line, the same for rules that mean the same by their form:
/// <c>from (principals a or b) to (methods GET, paths /x*) when (request.headers[x] 1)</c>.
/// </summary>
internal static class AuthorizationRuleText
{
    internal static string Of(AuthorizationRule rule)
    {
        var parts = new[]
        {
            Part("from", rule.From.Select(Source)),
            Part("to", rule.To.Select(Operation)),
            // Conditions must all hold.
            rule.When.Count == 0 ? "" : $"when ({string.Join(", ", rule.When.SelectMany(when => Match(when.Key, when.Match)).Distinct().Order(StringComparer.Ordinal))})",
        };
        return string.Join(' ', parts.Where(part => part.Length > 0)) is { Length: > 0 } text ? text : "anything";
    }

    private static string Part(string name, IEnumerable<string> alternatives)
    {
        var texts = alternatives.Distinct().Order(StringComparer.Ordinal).ToArray();
        return texts.Length == 0 ? "" : $"{name} {string.Join(" or ", texts.Select(text => $"({text})"))}";
    }

    private static string Source(AuthorizationSource source) => All(
        ("principals", source.Principals),
        ("requestPrincipals", source.RequestPrincipals),
        ("namespaces", source.Namespaces),
        ("serviceAccounts", source.ServiceAccounts),
        ("trustDomains", source.TrustDomains),
        ("ipBlocks", source.IpBlocks),
        ("remoteIpBlocks", source.RemoteIpBlocks));

    private static string Operation(AuthorizationOperation operation) => All(
        ("hosts", operation.Hosts), ("ports", operation.Ports), ("methods", operation.Methods), ("paths", operation.Paths));

    private static string All(params (string Name, ValueMatch Match)[] matches) =>
        string.Join(", ", matches.SelectMany(item => Match(item.Name, item.Match))) is { Length: > 0 } text ? text : "any";

    private static IEnumerable<string> Match(string name, ValueMatch match)
    {
        if (match.Values.Count > 0)
            yield return $"{name} {Values(match.Values)}";
        if (match.NotValues.Count > 0)
            yield return $"{name} not {Values(match.NotValues)}";
    }

    private static string Values(IEnumerable<string> values) => string.Join(" or ", values.Distinct().Order(StringComparer.Ordinal));
}
