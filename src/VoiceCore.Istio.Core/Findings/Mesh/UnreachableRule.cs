using System.Globalization;
using System.Text;
using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Routes that no request reaches because earlier ones take everything of theirs.
/// Source: <c>analyzeUnreachableRules</c> in pkg/config/validation/validation.go of Istio.
/// </summary>
internal sealed class UnreachableRule : IMeshRule
{
    private static readonly string[] Kinds = ["http", "tcp", "tls"];

    public IEnumerable<Finding> Check(MeshIndex mesh) => mesh.Snapshot.VirtualServices
        .Where(service => service.Http.Count > 1 || service.Http.Any(route => route.Matches.Count > 1) || service.Connections.Any())
        .SelectMany(service => ObjectSpec.Read(service, spec => Kinds.SelectMany(kind => OfKind(service, kind, spec)).ToArray()));

    private static IEnumerable<Finding> OfKind(VirtualService service, string kind, JsonTree spec)
    {
        var subject = service.ToString();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var prefixes = new List<PrefixMatch>();
        var isAllTaken = false;
        var index = 0;
        foreach (var route in spec.Items(kind))
        {
            var name = Name(route, index++);
            var matches = route.Items("match").ToArray();
            if (matches.Length == 0)
            {
                if (isAllTaken)
                    yield return RouteFindings.RouteUnreachable.At(subject, kind, name, "a route before it takes every request");
                isAllTaken = true;
                continue;
            }

            if (isAllTaken)
            {
                yield return RouteFindings.RouteUnreachable.At(subject, kind, name, "a route without matches stands before it");
                continue;
            }

            var duplicates = 0;
            for (var position = 0; position < matches.Length; position++)
            {
                var match = matches[position];
                var matchName = Name(match, position);
                if (!seen.TryAdd(Canonical(match), name))
                {
                    duplicates++;
                    yield return RouteFindings.MatchIneffective.At(subject, kind, name, matchName, $"the same match of route {seen[Canonical(match)]}");
                }
                else if (kind == "http" && PrefixMatch.Read(match, name, matchName) is { } prefix)
                {
                    prefixes.Add(prefix);
                }
            }

            if (duplicates == matches.Length)
                yield return RouteFindings.RouteUnreachable.At(subject, kind, name, "routes before it have all of its matches");
        }

        for (var first = 0; first < prefixes.Count; first++)
        {
            foreach (var later in prefixes.Skip(first + 1).Where(later => later.Prefix != prefixes[first].Prefix && prefixes[first].Covers(later)))
            {
                yield return RouteFindings.MatchIneffective.At(
                    subject, kind, later.Route, $"{later.Match} (prefix {later.Prefix})", $"the prefix {prefixes[first].Prefix} of route {prefixes[first].Route}");
            }
        }
    }

    private static string Name(JsonTree item, int index) =>
        item.Text("name") is { Length: > 0 } name ? $"'{name}'" : (index + 1).ToString(CultureInfo.InvariantCulture);

    // The same whatever the order of the keys; the name of a match does not count.
    private static string Canonical(JsonTree match)
    {
        var text = new StringBuilder();
        Write(match, text, isRoot: true);
        return text.ToString();
    }

    private static void Write(JsonTree value, StringBuilder text, bool isRoot)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var field in value.Items.Where(field => !isRoot || field.Name != "name").OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    text.Append(field.Name).Append(':');
                    Write(field, text, isRoot: false);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.Items)
                {
                    Write(item, text, isRoot: false);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(JsonEncodedText.Encode(value.Text)).Append('"');
                break;
            default:
                text.Append(value.Text);
                break;
        }
    }

    // A match by the beginning of a path, with what else it asks for.
    private sealed record PrefixMatch(string Route, string Match, string Prefix, int Port, string Method, string Authority, Dictionary<string, string>[] Maps)
    {
        private static readonly string[] MapNames = ["headers", "queryParams", "withoutHeaders"];

        internal static PrefixMatch? Read(JsonTree match, string route, string name)
        {
            if (match.Field("uri") is not { } uri || uri.Text("prefix") is not { Length: > 0 } prefix)
                return null;
            var method = Text(match.Field("method"));
            return new PrefixMatch(
                route,
                name,
                prefix,
                match.Number("port"),
                method.Length == 0 ? "exact GET" : method,
                Text(match.Field("authority")),
                Array.ConvertAll(MapNames, map => match.Entries(map).ToDictionary(entry => entry.Name, Text)));
        }

        internal bool Covers(PrefixMatch later) =>
            later.Prefix.StartsWith(Prefix, StringComparison.Ordinal)
            && later.Port == Port
            && Method.StartsWith(later.Method, StringComparison.Ordinal)
            && Authority.StartsWith(later.Authority, StringComparison.Ordinal)
            && Maps.Zip(later.Maps).All(pair => pair.First.Count == pair.Second.Count && pair.First.All(entry =>
                pair.Second.TryGetValue(entry.Key, out var value) && entry.Value.StartsWith(value, StringComparison.Ordinal)));

        private static string Text(JsonTree? match)
        {
            if (match is not { ValueKind: JsonValueKind.Object } json)
                return "";
            return json.Text("exact") is { Length: > 0 } exact ? $"exact {exact}" : json.Text("prefix") is { Length: > 0 } prefix ? $"prefix {prefix}" : "";
        }
    }
}
