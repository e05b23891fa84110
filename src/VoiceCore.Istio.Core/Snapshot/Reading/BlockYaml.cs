using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Turns a YAML document into JSON that is written as Kubernetes' tools write them: ASCII, in block style, a scalar a line or a literal block.
/// It reads bytes and makes no tokens, which is what very many manifests want. Of anything else (anchors, tags, flow style, folded and
/// multi-line scalars, errors) it keeps its hands off: <see cref="YamlToJson"/> knows the whole language.
/// </summary>
internal ref struct BlockYaml
{
    private static readonly SearchValues<byte> Known = SearchValues.Create([(byte)'\n', (byte)'\r', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code)]);

    private static readonly SearchValues<byte> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./$"u8);

    private static readonly JsonWriterOptions WriterOptions = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a plain scalar does not begin with here; '-' can where no blank follows.
    private static readonly SearchValues<byte> Indicators = SearchValues.Create(",[]{}#&*!|>%@`'\"?:"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly Utf8JsonWriter _json;

    // The line that is read: what stands on it and in which column (-1 behind the last line), and where the next one begins.
    private ReadOnlySpan<byte> _line;
    private int _indent;
    private int _next;

    private BlockYaml(ReadOnlySpan<byte> text, Utf8JsonWriter json)
    {
        _text = text;
        _json = json;
    }

    private readonly bool IsItem => _line[0] == '-' && (_line.Length == 1 || _line[1] == ' ');

    /// <summary>Writes the document; one without content is null. False where it is none of those, and what was written then is of no use.</summary>
    internal static bool TryWrite(ReadOnlySpan<byte> document, IBufferWriter<byte> json)
    {
        if (document.ContainsAnyExcept(Known)
            || document.Count((byte)'\r') != document.Count("\r\n"u8)
            || HasMarker(document, "---"u8)
            || HasMarker(document, "..."u8))
            return false;
        using var writer = new Utf8JsonWriter(json, WriterOptions);
        var yaml = new BlockYaml(document, writer);
        yaml.MoveNext();
        if (yaml._indent >= 0)
            return yaml.Node(depth: 0) && yaml._indent < 0;
        writer.WriteNullValue();
        return true;
    }

    private static bool HasMarker(ReadOnlySpan<byte> document, ReadOnlySpan<byte> marker)
    {
        for (int found; (found = document.IndexOf(marker)) >= 0; document = document[(found + marker.Length)..])
        {
            if (found == 0 || document[found - 1] == '\n')
                return true;
        }

        return false;
    }

    // To the next line with anything on it.
    private void MoveNext()
    {
        _indent = -1;
        while (_indent < 0 && _next < _text.Length)
        {
            var line = NextLine();
            var indent = line.IndexOfAnyExcept((byte)' ');
            if (indent < 0 || line[indent] == '#')
                continue;
            _line = line[indent..].TrimEnd((byte)' ');
            _indent = indent;
        }
    }

    private ReadOnlySpan<byte> NextLine()
    {
        var rest = _text[_next..];
        var length = rest.IndexOf((byte)'\n');
        _next += length < 0 ? rest.Length : length + 1;
        var line = length < 0 ? rest : rest[..length];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private bool Node(int depth) => IsItem ? Sequence(_indent, depth) : Mapping(_indent, depth);

    private bool Mapping(int indent, int depth)
    {
        if (depth >= YamlToJson.MaxDepth)
            return false;
        _json.WriteStartObject();
        do
        {
            if (!Key(out var value) || !(IsEnd(value) ? ValueBelow(indent, depth, itemsMayAlign: true) : Scalar(value.TrimStart((byte)' '), indent)))
                return false;
        }
        while (_indent == indent && !IsItem);
        _json.WriteEndObject();
        return _indent <= indent;
    }

    private bool Sequence(int indent, int depth)
    {
        if (depth >= YamlToJson.MaxDepth)
            return false;
        _json.WriteStartArray();
        do
        {
            if (!Item(indent, depth))
                return false;
        }
        while (_indent == indent && IsItem);
        _json.WriteEndArray();
        return _indent <= indent;
    }

    private bool Item(int indent, int depth)
    {
        if (IsEnd(_line[1..]))
            return ValueBelow(indent, depth, itemsMayAlign: false);
        var content = _line[1..].TrimStart((byte)' ');
        _indent += _line.Length - content.Length;
        _line = content;
        return IsItem || HasKey ? Node(depth + 1) : Scalar(content, indent);
    }

    // Items may stand below the dash of their key; nothing at all is null.
    private bool ValueBelow(int indent, int depth, bool itemsMayAlign)
    {
        MoveNext();
        if (_indent > indent || (itemsMayAlign && _indent == indent && IsItem))
            return Node(depth + 1);
        _json.WriteNullValue();
        return true;
    }

    private readonly bool HasKey
    {
        get
        {
            if (_line[0] is (byte)'"' or (byte)'\'')
                return QuotedLength(_line) is var length and > 0 && length < _line.Length && _line[length] == ':';
            return _line[^1] == ':' || _line.IndexOf(": "u8) > 0;
        }
    }

    private bool Key(out ReadOnlySpan<byte> value)
    {
        value = default;
        int length;
        ReadOnlySpan<byte> key;
        if (_line[0] is (byte)'"' or (byte)'\'')
        {
            length = QuotedLength(_line);
            if (length < 2 || length >= _line.Length || _line[length] != ':')
                return false;
            key = _line[1..(length - 1)];
            if (key.Contains((byte)'\\'))
                return false;
        }
        else
        {
            length = _line.IndexOfAnyExcept(KeyCharacters);
            if (length <= 0 || _line[length] != ':')
                return false;
            key = _line[..length];
        }

        value = _line[(length + 1)..];
        if (length > 1000 || !(value.IsEmpty || value[0] == ' '))
            return false;
        _json.WritePropertyName(key);
        return true;
    }

    private bool Scalar(ReadOnlySpan<byte> text, int indent)
    {
        switch (text[0])
        {
            case (byte)'|':
                return Literal(text[1..], indent);
            case (byte)'"' or (byte)'\'':
                var length = QuotedLength(text);
                if (length < 2 || !IsEnd(text[length..]))
                    return false;
                if (text[..length].Contains((byte)'\\') && text[0] == '"')
                    _json.WriteRawValue(text[..length], skipInputValidation: true);
                else
                    _json.WriteStringValue(text[1..(length - 1)]);
                break;
            case (byte)'{' when text is [_, (byte)'}', .. var after] && IsEnd(after):
                _json.WriteStartObject();
                _json.WriteEndObject();
                break;
            case (byte)'[' when text is [_, (byte)']', .. var after] && IsEnd(after):
                _json.WriteStartArray();
                _json.WriteEndArray();
                break;
            default:
                if (text.IndexOf(" #"u8) is var comment and >= 0)
                    text = text[..comment].TrimEnd((byte)' ');
                if (!IsPlain(text) || text[^1] == ':' || text.IndexOf(": "u8) >= 0)
                    return false;
                WritePlain(text);
                break;
        }

        MoveNext();
        return _indent <= indent;
    }

    private readonly void WritePlain(ReadOnlySpan<byte> text)
    {
        // Words and numbers that are no texts are short, or begin like a number.
        if (text.Length <= 5 || text[0] is (byte)'+' or (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9'))
            YamlToJson.WritePlain(_json, Encoding.ASCII.GetString(text));
        else
            _json.WriteStringValue(text);
    }

    // The lines below that are indented more than the key, as they stand.
    private bool Literal(ReadOnlySpan<byte> header, int indent)
    {
        var chomping = header is [(byte)'-' or (byte)'+', ..] ? header[0] : (byte)' ';
        if (!IsEnd(chomping == ' ' ? header : header[1..]))
            return false;
        var content = new ArrayBufferWriter<byte>();
        var (column, breaks, leading) = (-1, 0, 0);
        while (_next < _text.Length)
        {
            var start = _next;
            var line = NextLine();
            // At the end of the text a line without a break is a case of its own.
            if (_text[_next - 1] != '\n')
                return false;
            var spaces = line.IndexOfAnyExcept((byte)' ');
            if (spaces < 0)
            {
                // Before the first line with content blanks may be as many as it is indented, later fewer: more are content.
                if (column < 0)
                    leading = Math.Max(leading, line.Length);
                else if (line.Length > column)
                    return false;
                breaks++;
                continue;
            }

            if (spaces <= indent)
            {
                _next = start;
                break;
            }

            if (column < 0)
                column = spaces;
            if (spaces < Math.Max(column, leading))
                return false;
            for (; breaks > 0; breaks--)
                content.Write("\n"u8);
            content.Write(line[column..]);
            breaks = 1;
        }

        if (column < 0)
            return false;
        // The breaks at the end: one as a rule, with '-' none and with '+' all.
        for (var left = chomping switch { (byte)'-' => 0, (byte)'+' => breaks, _ => Math.Min(breaks, 1) }; left > 0; left--)
            content.Write("\n"u8);
        _json.WriteStringValue(content.WrittenSpan);
        MoveNext();
        return _indent <= indent;
    }

    // With both quotes; 0 where the scalar does not end on the line or holds an escape that JSON does not have.
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] == text[0])
                return text[0] == '\'' && index + 1 < text.Length && text[index + 1] == '\'' ? 0 : index + 1;
            if (text[0] == '"' && text[index] == '\\' && (++index == text.Length || text[index] is not ((byte)'"' or (byte)'\\' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')))
                return 0;
        }

        return 0;
    }

    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        !Indicators.Contains(text[0])
        && (text[0] != '-' || (text.Length > 1 && text[1] != ' '))
        && !text.Contains((byte)'#');

    // Nothing but a comment, which a blank sets apart.
    private static bool IsEnd(ReadOnlySpan<byte> text) => text.IsEmpty || (text[0] == ' ' && text.TrimStart((byte)' ') is [] or [(byte)'#', ..]);
}
