using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Yaml;

/// <summary>Lets a document be written as one expression: a null in it means that the key is not stated.</summary>
internal static class JsonPruning
{
    /// <summary>Removes every key whose value is null, at whatever depth. Changes and returns the same object.</summary>
    internal static JsonObject WithoutNulls(this JsonObject json)
    {
        foreach (var (key, value) in json.ToList())
        {
            if (value is null)
                json.Remove(key);
            else
                Prune(value);
        }

        return json;
    }

    private static void Prune(JsonNode node)
    {
        if (node is JsonObject json)
        {
            json.WithoutNulls();
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array.OfType<JsonNode>())
                Prune(item);
        }
    }
}
