using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>Where owning and merging stops: at values that change as a whole.</summary>
internal static class MergeShape
{
    /// <summary>True where the value is one field, whatever it holds.</summary>
    internal static bool IsLeaf(FieldSchema schema, JsonNode? value) => value switch
    {
        JsonObject => schema.IsAtomic,
        JsonArray => schema.Type != FieldType.List || schema.Merge == ListMerge.Atomic,
        _ => true,
    };

    /// <summary>The schema of a field.</summary>
    internal static FieldSchema Field(FieldSchema schema, string name) => schema.Type switch
    {
        FieldType.Object => schema.Fields().GetValueOrDefault(name, FieldSchema.Any),
        FieldType.Map => schema.Items(),
        _ => FieldSchema.Any,
    };

    /// <summary>The parts of a value that is no leaf, each with its step and its schema.</summary>
    internal static IEnumerable<(string Element, JsonNode? Value, FieldSchema Schema)> Parts(FieldSchema schema, JsonNode value) => value switch
    {
        JsonObject json => json.Select(field => (PathElement.Field(field.Key), field.Value, Field(schema, field.Key))),
        JsonArray list => list.Select(item => (PathElement.Item(schema, item), item, schema.Items())),
        _ => [],
    };

    /// <summary>As <see cref="Parts"/>, by step. Of two items with the same keys the last counts.</summary>
    internal static Dictionary<string, (JsonNode? Value, FieldSchema Schema)> PartsByElement(FieldSchema schema, JsonNode? value)
    {
        var parts = new Dictionary<string, (JsonNode?, FieldSchema)>(StringComparer.Ordinal);
        if (value is not null && !IsLeaf(schema, value))
        {
            foreach (var (element, part, partSchema) in Parts(schema, value))
                parts[element] = (part, partSchema);
        }

        return parts;
    }
}
