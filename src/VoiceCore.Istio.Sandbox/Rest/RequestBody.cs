using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>The JSON of a request.</summary>
internal static class RequestBody
{
    /// <exception cref="ApiException">400: no JSON object, or nested too deeply.</exception>
    internal static JsonObject Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (JsonNode.Parse(body.Span) is JsonObject json)
            {
                Materialize(json);
                return json;
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw ApiErrors.BadRequest($"the object provided is unrecognized: {error.Message}");
        }

        throw ApiErrors.BadRequest("the object provided is unrecognized: a JSON object is expected");
    }

    // Nodes read their children on first use, which two readers at once would spoil. Objects in the store have many readers.
    private static void Materialize(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            foreach (var (_, child) in json)
                Materialize(child);
        }
        else if (node is JsonArray array)
        {
            foreach (var child in array)
                Materialize(child);
        }
    }
}
