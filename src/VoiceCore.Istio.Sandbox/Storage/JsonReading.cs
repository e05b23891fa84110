using System.Globalization;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Storage;

/// <summary>Reads fields of objects that may have any form: what is not there, or is something else, is nothing.</summary>
internal static class JsonReading
{
    /// <summary>The value at a path of keys; null where there is none.</summary>
    internal static JsonNode? At(this JsonNode? node, params string[] path)
    {
        foreach (var key in path)
            node = (node as JsonObject)?[key];
        return node;
    }

    /// <summary>The object at a path; an empty one, not part of anything, where there is none.</summary>
    internal static JsonObject Map(this JsonNode? node, params string[] path) => node.At(path) as JsonObject ?? [];

    /// <summary>The objects of a list at a path.</summary>
    internal static IEnumerable<JsonObject> List(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The texts of a list at a path.</summary>
    internal static IEnumerable<string> Texts(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonArray ?? []).Select(item => item?.ToString() ?? "");

    /// <summary>The text at a path; null where there is none.</summary>
    internal static string? Text(this JsonNode? node, params string[] path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The whole number at a path; null where there is none.</summary>
    internal static int? Number(this JsonNode? node, params string[] path) =>
        node.At(path) is JsonValue value && int.TryParse(value.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The boolean at a path; false where there is none.</summary>
    internal static bool Flag(this JsonNode? node, params string[] path) =>
        node.At(path) is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>A map of texts at a path.</summary>
    internal static IReadOnlyDictionary<string, string> TextMap(this JsonNode? node, params string[] path) =>
        node.Map(path).ToDictionary(item => item.Key, item => item.Value?.ToString() ?? "", StringComparer.Ordinal);
}
