using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Reads a page of a list from its UTF-8 bytes, without a tree of the whole page.</summary>
internal static class ListPage
{
    private static readonly JsonReaderOptions Limits = new() { MaxDepth = ApiAnswer.Limits.MaxDepth };

    /// <summary>The list's own metadata. <c>Continue</c> is null on the last page.</summary>
    internal static (string? Continue, string ResourceVersion) Head(ReadOnlySpan<byte> page)
    {
        string? token = null;
        var version = "";
        var reader = Begin(page);
        while (NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                continue;
            while (NextProperty(ref reader))
            {
                var isToken = reader.ValueTextEquals("continue"u8);
                var isVersion = reader.ValueTextEquals("resourceVersion"u8);
                reader.Read();
                if (isToken && reader.GetString() is { Length: > 0 } text)
                    token = text;
                else if (isVersion)
                    version = reader.GetString() ?? "";
                else
                    reader.Skip();
            }
        }

        return (token, version);
    }

    /// <summary>
    /// The objects of the page. The items of built-in kinds come without <c>apiVersion</c> and <c>kind</c>, and metadata alone with a kind of its own:
    /// the resource's are filled in.
    /// </summary>
    internal static IReadOnlyList<KubernetesObject> Objects(ReadOnlyMemory<byte> page, ApiResource resource)
    {
        var objects = new List<KubernetesObject>();
        var reader = Begin(page.Span);
        while (NextProperty(ref reader))
        {
            var isItems = reader.ValueTextEquals("items"u8);
            reader.Read();
            if (!isItems || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                objects.Add(Object(page.Span[start..(int)reader.BytesConsumed], resource));
            }
        }

        return objects;
    }

    private static KubernetesObject Object(ReadOnlySpan<byte> item, ApiResource resource)
    {
        var json = JsonNode.Parse(item, nodeOptions: null, ApiAnswer.Limits) as JsonObject ?? throw new JsonException("an item of a list is not an object");
        if ((string?)json["kind"] is null or "PartialObjectMetadata")
        {
            json["apiVersion"] = resource.ApiVersion;
            json["kind"] = resource.Kind;
        }

        return new KubernetesObject(json);
    }

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> page)
    {
        var reader = new Utf8JsonReader(page, Limits);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a list is not an object");
        return reader;
    }

    // Moves to the next name of the object that the reader is in; false at the object's end.
    private static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;
}
