using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>Merges and prunes objects field by field, as server-side apply does.</summary>
internal static class FieldMerge
{
    /// <summary>What <paramref name="applied"/> says, on top of what is there. Neither is changed.</summary>
    internal static JsonNode? Merge(FieldSchema schema, JsonNode? there, JsonNode? applied)
    {
        if (there is JsonObject oldObject && applied is JsonObject newObject && !schema.IsAtomic)
        {
            var merged = (JsonObject)oldObject.DeepClone();
            foreach (var (name, value) in newObject)
                merged[name] = Merge(MergeShape.Field(schema, name), oldObject[name], value);
            return merged;
        }

        return there is JsonArray oldList && applied is JsonArray newList && !MergeShape.IsLeaf(schema, applied)
            ? MergeList(schema, oldList, newList)
            : applied?.DeepClone();
    }

    /// <summary>Takes away what a manager applied before and nobody states any more. Changes <paramref name="value"/>.</summary>
    /// <param name="schema">The value's schema.</param>
    /// <param name="value">The merged value.</param>
    /// <param name="before">What the manager stated before.</param>
    /// <param name="owned">What all managers state now; null where nobody states anything here.</param>
    internal static void Prune(FieldSchema schema, JsonNode value, FieldSet before, FieldSet? owned)
    {
        var parts = MergeShape.PartsByElement(schema, value);
        foreach (var (element, beforeBelow) in before.Children)
        {
            if (!parts.TryGetValue(element, out var part))
                continue;
            var ownedBelow = owned?.Child(element);
            if (ownedBelow is null && beforeBelow.IsMember)
                Remove(value, element, part.Value);
            else if (part.Value is not null && !MergeShape.IsLeaf(part.Schema, part.Value))
            {
                Prune(part.Schema, part.Value, beforeBelow, ownedBelow);
                if (ownedBelow is null && part.Value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
                    Remove(value, element, part.Value);
            }
        }
    }

    private static void Remove(JsonNode parent, string element, JsonNode? part)
    {
        if (parent is JsonObject json)
            json.Remove(PathElement.FieldName(element)!);
        else
            ((JsonArray)parent).Remove(part);
    }

    // Items that only one side has keep their place; items of both come in the applied order.
    private static JsonArray MergeList(FieldSchema schema, JsonArray there, JsonArray applied)
    {
        var old = MergeShape.PartsByElement(schema, there);
        var wanted = MergeShape.PartsByElement(schema, applied);
        var next = new Queue<string>(wanted.Keys);
        var merged = new JsonArray();
        foreach (var item in there)
        {
            var element = PathElement.Item(schema, item);
            if (!wanted.ContainsKey(element))
                merged.Add(item?.DeepClone());
            else if (next.Contains(element))
                TakeUpTo(element);
        }

        TakeUpTo(last: null);
        return merged;

        void TakeUpTo(string? last)
        {
            while (next.TryDequeue(out var element))
            {
                merged.Add(Merge(schema.Items(), old.GetValueOrDefault(element).Value, wanted[element].Value));
                if (element == last)
                    return;
            }
        }
    }
}
