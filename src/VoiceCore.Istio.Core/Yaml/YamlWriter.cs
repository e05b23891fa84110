using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VoiceCore.Istio.Core.Yaml;

/// <summary>
/// Writes JSON as YAML in block style: keys in their order, two spaces, LF, nothing quoted that is a text to every reader of YAML
/// (1.1, which Kubernetes' tools read, and 1.2), everything else quoted.
/// </summary>
internal static partial class YamlWriter
{
    private static readonly EmitterSettings Settings = new(
        bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, skipAnchorName: false, indentSequences: false, newLine: "\n");

    // Words that YAML 1.1 or 1.2 take for a boolean or for nothing.
    private static readonly HashSet<string> Words =
        new(["true", "false", "yes", "no", "on", "off", "y", "n", "null"], StringComparer.OrdinalIgnoreCase);

    /// <summary>One document, without a <c>---</c> line. Ends with a line feed.</summary>
    internal static string Write(JsonNode node)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, json.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in json)
                {
                    emitter.Emit(Text(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;

            case JsonArray array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, array.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in array)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;

            case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>()));
                break;

            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, node?.ToJsonString() ?? "null", ScalarStyle.Plain, true, false));
                break;
        }
    }

    private static Scalar Text(string text)
    {
        var style = IsPlain(text) ? ScalarStyle.Plain : Lines().IsMatch(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: style != ScalarStyle.Plain);
    }

    private static bool IsPlain(string text) => (Word().IsMatch(text) && !Words.Contains(text)) || Measure().IsMatch(text);

    // Begins with a letter, '/' or '_', and has nothing in it that means something to YAML.
    [GeneratedRegex("^[A-Za-z_/][A-Za-z0-9_./,@-]*(?::[A-Za-z0-9_./,@-]+)*\\z")]
    private static partial Regex Word();

    // Several lines of plain text that a block keeps exactly: no blank at the end of a line, at most one line feed at the end.
    [GeneratedRegex("^[!-~](?:[ -~]*[!-~])?(?:\\n+ *[!-~](?:[ -~]*[!-~])?)+\\n?\\z|^[!-~](?:[ -~]*[!-~])?\\n\\z")]
    private static partial Regex Lines();

    // Durations and quantities begin with a digit, but their unit makes them texts.
    [GeneratedRegex("^(?:[0-9]+(?:\\.[0-9]+)?(?:ms|s|m|h))+\\z|^[0-9]+(?:\\.[0-9]+)?(?:m|k|M|G|T|Ki|Mi|Gi|Ti)\\z")]
    private static partial Regex Measure();
}
