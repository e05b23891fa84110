using System.Buffers;
using System.Text.Json;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads YAML that is a text within an object, such as <c>data.mesh</c> of a ConfigMap.</summary>
internal static class EmbeddedYaml
{
    /// <summary>The mapping that the text is; null where it is none.</summary>
    /// <exception cref="FormatException">The text of the named field is not YAML, or exceeds a bound.</exception>
    internal static JsonElement? Read(string text, string field)
    {
        var json = new ArrayBufferWriter<byte>();
        using var reader = new StringReader(text);
        try
        {
            if (!new YamlToJson(reader).Next(json))
                return null;
        }
        catch (YamlException error)
        {
            throw new FormatException($"'{field}' is not YAML that can be read: {error.Message}", error);
        }

        using var document = JsonDocument.Parse(json.WrittenMemory);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
    }
}
