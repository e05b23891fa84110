using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Apply;

/// <summary>The fields that an object states, and the fields in which two objects differ.</summary>
internal static class FieldReading
{
    /// <summary>The fields that an applied configuration claims: its leaves, empty objects, and each item of a keyed list.</summary>
    internal static FieldSet Claims(FieldSchema schema, JsonObject json)
    {
        var set = new FieldSet();
        Claim(schema, json, [], set);
        return Ownable(set);
    }

    /// <summary>What differs between two states.</summary>
    internal static FieldDifference Compare(FieldSchema schema, JsonObject before, JsonObject after)
    {
        var difference = new FieldDifference(new FieldSet(), new FieldSet(), new FieldSet());
        Compare(schema, before, after, [], difference);
        return new FieldDifference(Ownable(difference.Added), Ownable(difference.Modified), Ownable(difference.Removed));
    }

    private static void Claim(FieldSchema schema, JsonNode? value, List<string> path, FieldSet set)
    {
        if (MergeShape.IsLeaf(schema, value) || value is JsonObject { Count: 0 })
        {
            set.Insert(path);
            return;
        }

        foreach (var (element, part, partSchema) in MergeShape.Parts(schema, value!))
        {
            path.Add(element);
            Claim(partSchema, part, path, set);
            if (value is JsonArray || schema.Type == FieldType.Map)
                set.Insert(path);
            path.RemoveAt(path.Count - 1);
        }
    }

    // A part that appears or goes is in the difference with everything in it.
    private static void Compare(FieldSchema schema, JsonNode? before, JsonNode? after, List<string> path, FieldDifference difference)
    {
        if (before is null)
            difference.Added.Insert(path);
        else if (after is null)
            difference.Removed.Insert(path);
        else if (MergeShape.IsLeaf(schema, before) || MergeShape.IsLeaf(schema, after))
        {
            if (!JsonNode.DeepEquals(before, after))
                difference.Modified.Insert(path);
            return;
        }

        var parts = MergeShape.PartsByElement(schema, before);
        var now = MergeShape.PartsByElement(schema, after);
        foreach (var element in parts.Keys.Union(now.Keys))
        {
            path.Add(element);
            var (part, partSchema) = parts.GetValueOrDefault(element, (null, now.GetValueOrDefault(element).Schema));
            Compare(partSchema, part, now.GetValueOrDefault(element).Value, path, difference);
            path.RemoveAt(path.Count - 1);
        }
    }

    // What the API server sets by itself, or what tells the object apart, belongs to nobody.
    private static FieldSet Ownable(FieldSet set)
    {
        foreach (var field in (string[])["apiVersion", "kind"])
            set = set.Without(PathElement.Field(field));
        foreach (var field in (string[])["name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion"])
            set = set.Without(PathElement.Field("metadata"), PathElement.Field(field));
        var own = new FieldSet();
        own.Insert([PathElement.Field("metadata")]);
        return set.Except(own);
    }
}
