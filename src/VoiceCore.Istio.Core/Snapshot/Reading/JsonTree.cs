using System.Text;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// A JSON value and all that is in it, read at once. It is a class: .NET's collections of classes share code that .NET brings along, while those
/// of a <see cref="JsonElement"/> would have to be compiled whenever a process reads its first object.
/// </summary>
internal sealed class JsonTree
{
    /// <summary>A mapping without anything.</summary>
    internal static readonly JsonTree Empty = new("", JsonValueKind.Object, "", []);

    private static readonly List<JsonTree> None = [];

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    private JsonTree(string name, JsonValueKind kind, string text, List<JsonTree> items)
    {
        (Name, ValueKind, Text, Items) = (name, kind, text, items);
    }

    /// <summary>The key that it stands under in a mapping; empty in a list.</summary>
    internal string Name { get; }

    /// <summary>What it is.</summary>
    internal JsonValueKind ValueKind { get; }

    /// <summary>Of a text the text; of any other single value how it is written; else empty.</summary>
    internal string Text { get; }

    /// <summary>Of a list its items, of a mapping its values; else empty.</summary>
    internal IReadOnlyList<JsonTree> Items { get; }

    /// <summary>Reads a text of one value.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    internal static JsonTree Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        reader.Read();
        var tree = Read(ref reader, pool: null);
        // Anything behind it is an error.
        reader.Read();
        return tree;
    }

    /// <summary>Reads a text of one value.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    internal static JsonTree Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads the value that the reader is on, and leaves it on the value's last token. Equal texts are one string of the pool.</summary>
    internal static JsonTree Read(ref Utf8JsonReader reader, StringPool? pool) => Read(ref reader, pool, "");

    /// <summary>A text as it is, anything else as JSON.</summary>
    public override string ToString()
    {
        if (ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return Text;
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            WriteTo(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static JsonTree Read(ref Utf8JsonReader reader, StringPool? pool, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var values = new List<JsonTree>();
                while (reader.NextProperty())
                {
                    var key = Get(ref reader, pool);
                    reader.Read();
                    values.Add(Read(ref reader, pool, key));
                }

                return new(name, JsonValueKind.Object, "", values);
            case JsonTokenType.StartArray:
                var items = new List<JsonTree>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, pool, ""));
                return new(name, JsonValueKind.Array, "", items);
            case JsonTokenType.String:
                return new(name, JsonValueKind.String, Get(ref reader, pool), None);
            case JsonTokenType.Number:
                return new(name, JsonValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan), None);
            case JsonTokenType.True:
                return new(name, JsonValueKind.True, "true", None);
            case JsonTokenType.False:
                return new(name, JsonValueKind.False, "false", None);
            default:
                return new(name, JsonValueKind.Null, "", None);
        }
    }

    private static string Get(ref Utf8JsonReader reader, StringPool? pool) => pool is null ? reader.GetString()! : pool.Get(ref reader);

    private void WriteTo(Utf8JsonWriter json)
    {
        switch (ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var item in Items)
                {
                    json.WritePropertyName(item.Name);
                    item.WriteTo(json);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in Items)
                    item.WriteTo(json);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Text);
                break;
            case JsonValueKind.Null:
                json.WriteNullValue();
                break;
            default:
                json.WriteRawValue(Text, skipInputValidation: true);
                break;
        }
    }
}
