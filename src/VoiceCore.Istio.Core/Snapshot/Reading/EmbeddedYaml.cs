using System.Buffers;
using System.Text.Json;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads YAML that is a text within an object, such as <c>data.mesh</c> of a ConfigMap.</summary>
internal static class EmbeddedYaml
{
    /// <summary>The mapping that the text is; null where it is none.</summary>
    /// <exception cref="FormatException">The text of the named field is not YAML, or exceeds a bound.</exception>
    internal static JsonTree? Read(string text, string field)
    {
        return (ReadJson(text) ?? ReadYaml(text, field)) is { ValueKind: JsonValueKind.Object } mapping ? mapping : null;
    }

    // A saved snapshot has JSON there, which is YAML as well, but is read without all that YAML takes.
    private static JsonTree? ReadJson(string text)
    {
        if (!text.StartsWith('{'))
            return null;
        try
        {
            return JsonTree.Parse(text);
        }
        catch (JsonException)
        {
            // Braces of YAML.
            return null;
        }
    }

    private static JsonTree? ReadYaml(string text, string field)
    {
        var json = new ArrayBufferWriter<byte>();
        using var reader = new StringReader(text);
        try
        {
            return new YamlToJson(reader).Next(json) ? JsonTree.Parse(json.WrittenSpan) : null;
        }
        catch (YamlException error)
        {
            throw new FormatException($"'{field}' is not YAML that can be read: {error.Message}", error);
        }
    }
}
