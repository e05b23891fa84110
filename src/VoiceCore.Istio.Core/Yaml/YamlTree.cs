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

        try
        {
            return new YamlTree(text.TrimStart('\uFEFF')).Documents();
        }
        catch (YamlException error)
        {
            throw new YamlProblem(isLimit: false, error.InnerException?.Message ?? error.Message, (int)error.Start.Line, (int)error.Start.Column);
        }
    }

    private List<YamlNode> Documents()
    {
        var roots = new List<YamlNode>();
        while (_parser.MoveNext())
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
                        throw new YamlProblem(isLimit: false, "A key must be a simple value.", (int)_parser.Current!.Start.Line, (int)_parser.Current.Start.Column);
                    Next();
                    entries.Add((key, Node(depth + 1)));
                }

                return new YamlMapping(entries, line, column);

            default:
                throw new YamlProblem(isLimit: false, "Unexpected end of a list or mapping.", line, column);
        }
    }

    private ParsingEvent Next() =>
        _parser.MoveNext() ? _parser.Current! : throw new YamlProblem(isLimit: false, "The document ends too early.", 1, 1);
}
