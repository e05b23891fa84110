using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// What one manager owns below some place of an object, as <c>metadata.managedFields</c> tells it
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
/// </summary>
/// <param name="Manager">The manager's name.</param>
/// <param name="Fields">The part of <c>fieldsV1</c> that belongs to this place; an empty one owns the place as a whole.</param>
internal sealed record FieldOwner(string Manager, JsonObject Fields)
{
    /// <summary>Whether everything below is owned: an atomic field, or a scalar.</summary>
    internal bool IsWhole => Fields.Count == 0;

    /// <summary>The managers of an object.</summary>
    internal static IReadOnlyList<FieldOwner> Of(KubernetesObject item) =>
        (item.Json["metadata"]?["managedFields"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(entry => entry["fieldsV1"] is JsonObject { Count: > 0 })
            .Select(entry => new FieldOwner((string?)entry["manager"] ?? "", (JsonObject)entry["fieldsV1"]!))
            .ToList();

    /// <summary>What the manager owns of the field <paramref name="name"/>; null: nothing.</summary>
    internal FieldOwner? Field(string name) => Below(Fields[$"f:{name}"]);

    /// <summary>What the manager owns of an item of a list that is merged by keys; null: nothing.</summary>
    internal FieldOwner? Item(JsonNode? item) =>
        IsWhole ? this : Keyed().FirstOrDefault(keyed => Matches(keyed.Keys, item)) is { Fields: { } fields } ? this with { Fields = fields } : null;

    /// <summary>The names of the keys by which a list is merged; empty where nothing is known of it.</summary>
    internal IReadOnlyList<string> ListKeys() => Keyed().FirstOrDefault().Keys?.Select(key => key.Key).ToList() ?? [];

    private IEnumerable<(JsonObject Keys, JsonObject Fields)> Keyed() =>
        from entry in Fields
        where entry.Key.StartsWith("k:", StringComparison.Ordinal)
        select ((JsonObject)JsonNode.Parse(entry.Key[2..])!, (JsonObject)entry.Value!);

    private FieldOwner? Below(JsonNode? fields) =>
        IsWhole ? this : fields is JsonObject below ? this with { Fields = below } : null;

    private static bool Matches(JsonObject keys, JsonNode? item) =>
        item is JsonObject fields && keys.All(key => fields[key.Key] is null || JsonNode.DeepEquals(fields[key.Key], key.Value));
}
