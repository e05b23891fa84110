using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>
/// One step of a field's path, written as in FieldsV1: <c>f:name</c> for a field, <c>k:{"name":"app"}</c> for an item by its keys,
/// <c>v:"x"</c> for an item by its value.
/// </summary>
internal static class PathElement
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Field(string name) => "f:" + name;

    /// <summary>The step to an item of a list that does not merge as a whole.</summary>
    internal static string Item(FieldSchema list, JsonNode? item)
    {
        if (list.Merge == ListMerge.Set)
            return "v:" + Json(item);
        var keys = new JsonObject();
        foreach (var (name, ifAbsent) in list.Keys.OrderBy(key => key.Name, StringComparer.Ordinal))
        {
            if (((item as JsonObject)?[name]?.DeepClone() ?? ifAbsent) is { } value)
                keys[name] = value;
        }

        return "k:" + Json(keys);
    }

    /// <summary>The name of a field's step; null for other steps.</summary>
    internal static string? FieldName(string element) => element.StartsWith("f:", StringComparison.Ordinal) ? element[2..] : null;

    /// <summary>The step as messages write it.</summary>
    internal static string Text(string element)
    {
        if (FieldName(element) is { } name)
            return "." + name;
        if (element.StartsWith("v:", StringComparison.Ordinal))
            return $"[={element[2..]}]";
        var keys = (JsonObject)JsonNode.Parse(element[2..])!;
        return $"[{string.Join(",", keys.Select(key => $"{key.Key}={Json(key.Value)}"))}]";
    }

    private static string Json(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";
}
