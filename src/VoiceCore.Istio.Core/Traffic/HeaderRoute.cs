using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>
/// The route in front of another that takes those of its requests which have certain headers. It is known by its conditions alone: those of
/// the route behind it, each with the same headers more. Pure.
/// </summary>
internal static class HeaderRoute
{
    /// <summary>The fields of a route that make copies.</summary>
    internal static readonly string[] Mirroring = ["mirror", "mirrorPercentage", "mirrorPercent", "mirror_percent", "mirrors"];

    /// <summary>The conditions of a route, each with the headers.</summary>
    internal static JsonArray Match(JsonObject route, IEnumerable<KeyValuePair<string, JsonNode?>> headers)
    {
        var matches = route["match"] is JsonArray { Count: > 0 } given ? (JsonArray)given.DeepClone() : new JsonArray(new JsonObject());
        foreach (var match in matches.OfType<JsonObject>())
        {
            if (match["headers"] is not JsonObject all)
                match["headers"] = all = [];
            foreach (var (name, value) in headers)
                all[name] = value?.DeepClone();
        }

        return matches;
    }

    /// <summary>Headers with exact values as conditions. Envoy compares names in lower case.</summary>
    internal static IReadOnlyList<KeyValuePair<string, JsonNode?>> Exactly(IReadOnlyDictionary<string, string> headers) =>
        [.. headers.OrderBy(header => header.Key, StringComparer.Ordinal)
            .Select(header => KeyValuePair.Create<string, JsonNode?>(header.Key.ToLowerInvariant(), new JsonObject { ["exact"] = header.Value }))];

    /// <summary>Whether a route takes requests with certain headers away from the other, to a single destination.</summary>
    internal static bool IsInFrontOf(JsonObject candidate, JsonObject route)
    {
        if (candidate["route"] is not JsonArray { Count: 1 } || candidate["match"]?[0]?["headers"] is not JsonObject headers)
            return false;
        var more = headers.Where(header => route["match"]?[0]?["headers"]?[header.Key] is null).ToList();
        return more.Count > 0 && JsonNode.DeepEquals(candidate["match"], Match(route, more));
    }

    /// <summary>
    /// The new route: what the other does, to one destination. It has no name, which is the other's, and makes no copies: those who test a
    /// version want to see it alone.
    /// </summary>
    internal static JsonObject Create(JsonObject route, JsonArray match, JsonObject destination)
    {
        var front = (JsonObject)route.DeepClone();
        front.Remove("name");
        foreach (var field in Mirroring)
            front.Remove(field);
        front["match"] = match;
        front["route"] = new JsonArray(destination);
        return front;
    }
}
