using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the conditions of a status: those of the object, and those of a route's parents.</summary>
internal static class ConditionReader
{
    /// <summary>Of the current property's value, which is a status.</summary>
    internal static IReadOnlyList<ObjectCondition> ReadStatus(ref Utf8JsonReader reader, StringPool pool)
    {
        reader.Read();
        using var status = JsonDocument.ParseValue(ref reader);
        return status.RootElement.ValueKind == JsonValueKind.Object ? Read(status.RootElement, pool) : [];
    }

    internal static IReadOnlyList<ObjectCondition> Read(JsonElement status, StringPool pool)
    {
        ObjectCondition[][] all = [Conditions(status, pool), .. status.Map("parents", parent => Conditions(parent, pool))];
        return all.SelectMany(conditions => conditions).ToArray();
    }

    private static ObjectCondition[] Conditions(JsonElement json, StringPool pool) => json.Map("conditions", condition => new ObjectCondition(
        pool.Get(condition.Text("type", "")),
        pool.Get(condition.Text("status", "")),
        pool.Get(condition.Text("reason", "")),
        condition.Text("message", "")));
}
