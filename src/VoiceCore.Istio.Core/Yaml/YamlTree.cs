using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoiceCore.Istio.Core.Yaml;

/// <summary>
/// Reads YAML that is not trusted into a tree with places: bounded in size and depth, without anchors and aliases,
/// with scalars as keys only.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>The longest text, in characters: far more than a definition of hundreds of services.</summary>
    internal const int MaxLength = 1024 * 1024;

    /// <summary>The deepest nesting of lists and mappings.</summary>
    internal const int MaxDepth = 32;

    private readonly Parser _parser;

    private YamlTree(string text)
    {
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The root of every document in the text.</summary>
    /// <exception cref="YamlProblem">The text is not YAML or exceeds a bound.</exception>
    internal static IReadOnlyList<YamlNode> Read(string text)
    {
        if (text.Length > MaxLength)
            throw new YamlProblem(isLimit: true, $"more than {MaxLength} characters", 1, 1);

        return new YamlTree(text.TrimStart('\uFEFF')).Documents();
    }

    private List<YamlNode> Documents()
    {
        var roots = new List<YamlNode>();
        while (MoveNext())
        {
            if (_parser.Current is NodeEvent)
                roots.Add(Node(depth: 0));
        }

        return roots;
    }

    private YamlNode Node(int depth)
    {
        var current = _parser.Current!;
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        if (depth > MaxDepth)
            throw new YamlProblem(isLimit: true, $"more than {MaxDepth} levels", line, column);
        if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new YamlProblem(isLimit: true, "an anchor or alias", line, column);

        switch (current)
        {
            case Scalar scalar:
                return new YamlScalar(scalar.Value, scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty, line, column);

            case SequenceStart:
                var items = new List<YamlNode>();
                while (Next() is not SequenceEnd)
                    items.Add(Node(depth + 1));
                return new YamlSequence(items, line, column);

            case MappingStart:
                var entries = new List<(YamlScalar, YamlNode)>();
                while (Next() is not MappingEnd)
                {
                    if (Node(depth + 1) is not YamlScalar key)
                        throw Malformed("A key must be a simple value.", _parser.Current!.Start);
                    Next();
                    entries.Add((key, Node(depth + 1)));
                }

                return new YamlMapping(entries, line, column);

            default:
                throw Malformed("Unexpected end of a list or mapping.", current.Start);
        }
    }

    private ParsingEvent Next()
    {
        var place = _parser.Current!.End;
        return MoveNext() ? _parser.Current! : throw Malformed("The document ends too early.", place);
    }

    private bool MoveNext()
    {
        var place = _parser.Current?.End ?? Mark.Empty;
        try
        {
            return _parser.MoveNext();
        }
        catch (YamlException error)
        {
            throw Malformed(error.InnerException?.Message ?? error.Message, error.Start);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            // The parser has no message of its own for some malformed texts, such as '{' within a plain scalar or a tag that is no URI.
            throw Malformed("A text, tag or bracket is not closed or not allowed here.", place);
        }
    }

    private static YamlProblem Malformed(string message, Mark place) =>
        new(isLimit: false, message, Math.Max(1, (int)place.Line), Math.Max(1, (int)place.Column));
}
