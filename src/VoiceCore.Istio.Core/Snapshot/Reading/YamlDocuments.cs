using System.Buffers;
using System.Text;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>The documents of a YAML text (UTF-8) as JSON, each by the simplest reader that can read it.</summary>
internal sealed class YamlDocuments
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly YamlToJson _anyYaml = new(TextReader.Null);
    private readonly ArrayBufferWriter<byte> _json = new(64 * 1024);
    private int _next;
    private int _counted;
    private bool _isOpen;

    internal YamlDocuments(ReadOnlyMemory<byte> text) =>
        _text = text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;

    /// <summary>Lines before the part of the text that an error's line is counted in.</summary>
    internal int LinesBefore { get; private set; }

    /// <summary>The next document, until the one after it is asked for; false at the end of the text. An empty document is <c>null</c>.</summary>
    /// <exception cref="YamlException">The text is not YAML or exceeds a bound.</exception>
    internal bool Next(out ReadOnlyMemory<byte> json)
    {
        while (true)
        {
            _json.ResetWrittenCount();
            if (_isOpen && _anyYaml.Next(_json))
            {
                json = _json.WrittenMemory;
                return true;
            }

            _isOpen = false;
            if (_next >= _text.Length)
            {
                json = default;
                return false;
            }

            var start = _next;
            var document = NextDocument();
            if (BlockYaml.TryWrite(document.Span, _json))
            {
                json = _json.WrittenMemory;
                return true;
            }

            LinesBefore += _text.Span[_counted..start].Count((byte)'\n');
            _counted = start;
            _anyYaml.Open(new StringReader(Encoding.UTF8.GetString(document.Span)));
            _isOpen = true;
        }
    }

    // Up to the next line of three dashes. Where documents begin or end in any other way, all that is left is one part.
    private ReadOnlyMemory<byte> NextDocument()
    {
        var rest = _text[_next..];
        var text = rest.Span;
        var from = IsMarker(text) ? 3 : 0;
        var end = from;
        while (text[end..].IndexOf("\n---"u8) is var found and >= 0)
        {
            end += found + 1;
            if (IsMarker(text[end..]))
                break;
        }

        if (!(end > from && end < text.Length && IsMarker(text[end..])))
            end = text.Length;
        if (HasDirectives(text[..end]))
            (from, end) = (0, text.Length);
        _next += end;
        return rest[from..end];
    }

    private static bool IsMarker(ReadOnlySpan<byte> text) => text.StartsWith("---"u8) && (text.Length == 3 || text[3] is (byte)'\n' or (byte)'\r');

    private static bool HasDirectives(ReadOnlySpan<byte> text) =>
        text is [(byte)'%', ..] || text.IndexOf("\n%"u8) >= 0 || text.StartsWith("..."u8) || text.IndexOf("\n..."u8) >= 0;
}
