using System.Buffers;
using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Turns YAML that is not trusted into JSON, document by document, so that one reader serves both: bounded in depth and in what aliases
/// expand to. Unquoted scalars get the types that Kubernetes' YAML gives them.
/// </summary>
internal sealed class YamlToJson
{
    /// <summary>The deepest nesting.</summary>
    internal const int MaxDepth = 64;

    /// <summary>What all aliases of one file may expand to, in bytes of JSON.</summary>
    internal const int MaxAliasBytes = 4 * 1024 * 1024;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+-");

    private Parser _parser;
    private readonly Dictionary<AnchorName, byte[]> _anchors = [];
    private int _aliasBytes;

    internal YamlToJson(TextReader text)
    {
        _parser = new Parser(text);
    }

    /// <summary>Line of the document that was read last, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Goes on with another text. What its aliases expand to is added to what those of the text before did.</summary>
    internal void Open(TextReader text) => _parser = new Parser(text);

    /// <summary>Writes the next document; false at the end of the text. An empty document is written as <c>null</c>.</summary>
    /// <exception cref="YamlException">The text is not YAML or exceeds a bound.</exception>
    internal bool Next(ArrayBufferWriter<byte> json)
    {
        while (MoveNext())
        {
            if (_parser.Current is not NodeEvent)
                continue;
            _anchors.Clear();
            Line = (int)_parser.Current.Start.Line;
            using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true, MaxDepth = MaxDepth + 1 });
            WriteNode(writer, depth: 0);
            return true;
        }

        return false;
    }

    // On some damaged texts the parser fails in ways that are not its own errors.
    private bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            var mark = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "the text is not YAML", error);
        }
    }

    private void WriteNode(Utf8JsonWriter writer, int depth)
    {
        var node = _parser.Current!;
        if (depth > MaxDepth)
            throw new YamlException(node.Start, node.End, $"more than {MaxDepth} levels");
        if (node is AnchorAlias alias)
        {
            WriteAlias(writer, alias);
            return;
        }

        if (node is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            var json = new ArrayBufferWriter<byte>();
            using (var inner = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true, MaxDepth = MaxDepth + 1 }))
                WriteContent(inner, depth);
            _anchors[anchored.Anchor] = json.WrittenSpan.ToArray();
            writer.WriteRawValue(json.WrittenSpan, skipInputValidation: true);
            return;
        }

        WriteContent(writer, depth);
    }

    private void WriteContent(Utf8JsonWriter writer, int depth)
    {
        switch (_parser.Current)
        {
            case Scalar scalar:
                WriteScalar(writer, scalar);
                break;
            case SequenceStart:
                writer.WriteStartArray();
                while (MoveNext() && _parser.Current is not SequenceEnd)
                    WriteNode(writer, depth + 1);
                writer.WriteEndArray();
                break;
            case MappingStart:
                WriteMapping(writer, depth);
                break;
        }
    }

    private void WriteMapping(Utf8JsonWriter writer, int depth)
    {
        var merged = default(List<byte[]>);
        var keys = new List<string>();
        writer.WriteStartObject();
        while (MoveNext() && _parser.Current is not MappingEnd)
        {
            if (_parser.Current is not Scalar key)
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key that is not a single value");
            MoveNext();
            if (key is { Value: "<<", Style: ScalarStyle.Plain } && _parser.Current is AnchorAlias alias)
            {
                (merged ??= []).Add(Resolve(alias));
                continue;
            }

            keys.Add(key.Value);
            writer.WritePropertyName(key.Value);
            WriteNode(writer, depth + 1);
        }

        // What a mapping says itself counts more than what it merges in, wherever the merge key stands.
        foreach (var json in merged ?? [])
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (keys.Contains(property.Name))
                    continue;
                keys.Add(property.Name);
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteAlias(Utf8JsonWriter writer, AnchorAlias alias) => writer.WriteRawValue(Resolve(alias), skipInputValidation: true);

    private byte[] Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var json))
            throw new YamlException(alias.Start, alias.End, $"the anchor '{alias.Value}' is not known here");
        _aliasBytes += json.Length;
        if (_aliasBytes > MaxAliasBytes)
            throw new YamlException(alias.Start, alias.End, $"aliases expand to more than {MaxAliasBytes} bytes");
        return json;
    }

    private static void WriteScalar(Utf8JsonWriter writer, Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str"))
            writer.WriteStringValue(scalar.Value);
        else
            WritePlain(writer, scalar.Value);
    }

    /// <summary>Writes a scalar without quotes, which may be nothing, true or false, or a number.</summary>
    internal static void WritePlain(Utf8JsonWriter writer, string text)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON")
            writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF")
            writer.WriteBooleanValue(false);
        else if (IsWholeNumber(text))
            writer.WriteNumberValue(long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        else if (IsFraction(text, out var fraction))
            writer.WriteNumberValue(fraction);
        else
            writer.WriteStringValue(text);
    }

    private static bool IsWholeNumber(string text)
    {
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        return digits is [>= '0' and <= '9', ..] and ([_] or not ['0', ..])
            && digits.Length <= 18
            && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    private static bool IsFraction(string text, out double value)
    {
        value = 0;
        return text[0] is '-' or '+' or '.' or (>= '0' and <= '9')
            && text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
            && text.AsSpan().IndexOfAnyExcept(NumberCharacters) < 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
