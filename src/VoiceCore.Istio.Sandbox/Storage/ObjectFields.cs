using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Storage;

/// <summary>The fields that every object has.</summary>
public static class ObjectFields
{
    /// <summary>The object's metadata, which is made where it lacks.</summary>
    public static JsonObject Metadata(this JsonObject json)
    {
        if (json["metadata"] is JsonObject metadata)
            return metadata;
        json["metadata"] = metadata = [];
        return metadata;
    }

    /// <summary>The name; empty where there is none.</summary>
    public static string Name(this JsonObject json) => Text(json["metadata"], "name") ?? "";

    /// <summary>The namespace; null of a cluster-wide object.</summary>
    public static string? Namespace(this JsonObject json) => Text(json["metadata"], "namespace");

    /// <summary>The identity, which a new object of the same name does not have.</summary>
    public static string? Uid(this JsonObject json) => Text(json["metadata"], "uid");

    /// <summary>The state's version; null where the object was never stored.</summary>
    public static string? ResourceVersion(this JsonObject json) => Text(json["metadata"], "resourceVersion");

    /// <summary>True where the object is to go and waits for its finalizers.</summary>
    public static bool IsDeleting(this JsonObject json) => Text(json["metadata"], "deletionTimestamp") is not null;

    /// <summary>The labels; empty where there are none.</summary>
    public static IReadOnlyDictionary<string, string> Labels(this JsonObject json) => Texts((json["metadata"] as JsonObject)?["labels"]);

    /// <summary>The annotations; empty where there are none.</summary>
    public static IReadOnlyDictionary<string, string> Annotations(this JsonObject json) => Texts((json["metadata"] as JsonObject)?["annotations"]);

    /// <summary>The owner that manages the object (<c>controller: true</c>); null where there is none.</summary>
    public static JsonObject? ControllerOwner(this JsonObject json) =>
        json.Owners().FirstOrDefault(owner => owner["controller"] is JsonValue value && value.TryGetValue<bool>(out var controller) && controller);

    /// <summary>The owner references.</summary>
    public static IEnumerable<JsonObject> Owners(this JsonObject json) =>
        ((json["metadata"] as JsonObject)?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The text of a field; null where it is none.</summary>
    internal static string? Text(JsonNode? node, string key) =>
        (node as JsonObject)?[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static Dictionary<string, string> Texts(JsonNode? node)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node as JsonObject ?? [])
            texts[key] = value is JsonValue text && text.TryGetValue<string>(out var found) ? found : "";
        return texts;
    }
}
