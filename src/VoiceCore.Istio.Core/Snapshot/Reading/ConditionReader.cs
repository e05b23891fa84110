using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads the conditions of a status: those of the object, and those of a route's parents.</summary>
internal static class ConditionReader
{
    /// <summary>Of the current property's value, which is a status.</summary>
    internal static IReadOnlyList<ObjectCondition> ReadStatus(ref Utf8JsonReader reader, StringPool pool)
    {
        reader.Read();
        return JsonTree.Read(ref reader, pool) is { ValueKind: JsonValueKind.Object } status ? Read(status) : [];
    }

    internal static IReadOnlyList<ObjectCondition> Read(JsonTree status)
    {
        var own = Conditions(status);
        var parents = status.Map("parents", Conditions);
        return parents.Length == 0 ? own : [.. own, .. parents.SelectMany(conditions => conditions)];
    }

    private static ObjectCondition[] Conditions(JsonTree json) => json.Map("conditions", condition => new ObjectCondition(
        condition.Text("type", ""),
        condition.Text("status", ""),
        condition.Text("reason", ""),
        condition.Text("message", "")));
}
