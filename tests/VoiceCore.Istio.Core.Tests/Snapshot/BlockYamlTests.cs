using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Snapshot.Reading;
using VoiceCore.Istio.Core.Tests.Planning;
using VoiceCore.Istio.Core.Yaml;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>The quick reader of YAML says what the parser of the whole language says, or leaves the document to it.</summary>
public sealed class BlockYamlTests
{
    private const string Manifest =
        """
        # a comment
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: "tenant"
          namespace: 'voicecore-ai'
          labels: {}
          annotations:
            text: |
              first: {{ line }}
                second

              last
            kept: |+
              a

            cut: |-
              b # no comment
          creationTimestamp: "2026-03-01T08:00:00Z"
        spec:
          hosts:
          - tenant
          - tenant.voicecore-ai.svc.cluster.local   # with a comment
          gateways: []
          exportTo: [".", '*']
          http:
            - name: canary:v2
              match:
              - headers:
                  x-canary:
                    exact: 'true'
                port: 8080
              route:
              - destination: { host: tenant, subset: v2 }
                weight: 100
              timeout: 5s
              retries:
                attempts: 0
                retryOn:
            -
              route:
              - - -1.5
                - +7
              - yes
              - ~
              - "a\tb \"c\" é"
              - 0123
              - 1e3
              - -x
              - a:b #c

        """;

    private static readonly string[] Pieces =
    [
        ":", " ", "  ", "\n", "\n  ", "\t", "-", "- ", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "!!str ", "|", "|-", "|2", ">", "'", "\"", "\\",
        "%YAML 1.2\n", "---", "\n---\n", "...", "\n...\n", "<<: ", "null", "~", "true", "1e309", "0x1F", "-1", "é", "\u0085", "\u2028", "\r", "\r\n", "@", "`", "a: b", "''",
    ];

    private static readonly Gen<string> Damaged = Gen.Select(Gen.Int[0, Manifest.Length - 1], Gen.Int[0, 12], Gen.OneOf([.. Pieces.Select(piece => (IGen<string>)Gen.Const(piece))])).Array[0, 4].Select(damages =>
    {
        var text = new StringBuilder(Manifest);
        foreach (var (at, length, piece) in damages)
        {
            var start = Math.Min(at, text.Length);
            text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, piece);
        }

        return text.ToString();
    });

    [Fact]
    public void What_our_writer_writes_is_read_quickly_and_rightly() => JsonGen.Object(4).Sample(
        value =>
        {
            var json = new JsonObject { ["spec"] = value };
            var yaml = YamlWriter.Write(json);
            Assert.True(TryQuick(yaml, out var quick), yaml);
            Assert.Equal(Tokens(Encoding.UTF8.GetBytes(json.ToJsonString())), quick);
        },
        iter: 2000);

    [Fact]
    public void A_manifest_of_block_style_is_read_quickly()
    {
        var yaml = Manifest.Replace("""[".", '*']""", "", StringComparison.Ordinal).Replace("{ host: tenant, subset: v2 }", "", StringComparison.Ordinal).Replace(" é", "", StringComparison.Ordinal);

        Assert.True(TryQuick(yaml, out var quick));
        Assert.Equal(Whole(yaml), quick);
        Assert.True(TryQuick(yaml.ReplaceLineEndings("\r\n"), out quick));
        Assert.Equal(Whole(yaml), quick);
    }

    // Example 8.2 and 8.3 of YAML 1.2.2: no more blanks than the first line with content is indented.
    [Theory]
    [InlineData("k: |\n    \n    a: 1\n\n    b\n", "{\"k\":\"\\na: 1\\n\\nb\\n\"}")]
    [InlineData("k: |\n \n  \n  \n  a\n", "{\"k\":\"\\n\\n\\na\\n\"}")]
    [InlineData("k: |\n     \n    a\n", null)]
    public void A_block_may_begin_with_lines_of_blanks(string yaml, string? expected)
    {
        var json = new ArrayBufferWriter<byte>();
        Assert.Equal(expected, BlockYaml.TryWrite(Encoding.UTF8.GetBytes(yaml), json) ? Encoding.UTF8.GetString(json.WrittenSpan) : null);
    }

    [Fact]
    public void Parts_of_manifests_mean_the_same_to_both() => Gen.Select(Damaged, Gen.Int[0, Manifest.Length], Gen.Int[0, 200]).Sample(
        (text, from, length) =>
        {
            Agrees(text);
            // Parts come nearer to what the quick reader knows.
            var start = text.LastIndexOf('\n', Math.Min(from, text.Length - 1)) + 1;
            Agrees(text[start..Math.Min(text.Length, start + length)]);
        },
        iter: 40_000);

    [Fact]
    public void Random_pieces_mean_the_same_to_both() =>
        Gen.OneOf([.. Pieces.Select(piece => (IGen<string>)Gen.Const(piece)), Gen.Const("key: "), Gen.Const("\nk:\n"), Gen.Const("word")]).Array[0, 14].Sample(pieces => Agrees(string.Concat(pieces)), iter: 100_000);

    [Fact]
    public void Documents_are_told_apart_whichever_reader_reads_them()
    {
        const string Text = "---\na: 1\n---\nb: { c: 2 }\n---\n# nothing\n---\nd: 3\n...\n---\ne: 4\n--- f: g\n";
        var documents = new YamlDocuments(Encoding.UTF8.GetBytes(Text.Replace("--- f: g\n", "", StringComparison.Ordinal)));

        var texts = new List<string>();
        while (documents.Next(out var json))
            texts.Add(Encoding.UTF8.GetString(json.Span));

        Assert.Equal("""{"a":1}|{"b":{"c":2}}|null|{"d":3}|{"e":4}""", string.Join('|', texts));
    }

    [Fact]
    public void An_error_is_told_with_the_line_of_the_file()
    {
        var documents = new YamlDocuments(Encoding.UTF8.GetBytes("a: 1\n---\nb: {}\n---\nc: 1\nd: [\n---\ne: 1\n"));
        documents.Next(out _);
        documents.Next(out _);

        var error = Assert.ThrowsAny<YamlException>(() => documents.Next(out _));

        Assert.InRange(documents.LinesBefore + error.Start.Line, 6, 7);
    }

    private static void Agrees(string yaml)
    {
        if (!TryQuick(yaml, out var quick))
            return;
        try
        {
            Assert.Equal(Whole(yaml), quick);
        }
        catch (YamlException error) when (error.Message.Contains("extra spaces in first line", StringComparison.Ordinal))
        {
            // The parser refuses all blanks there. As many as the block is indented are in order (YAML 1.2.2, 8.1.1.1).
        }
    }

    private static bool TryQuick(string yaml, out string tokens)
    {
        var json = new ArrayBufferWriter<byte>();
        var isRead = BlockYaml.TryWrite(Encoding.UTF8.GetBytes(yaml), json);
        tokens = isRead ? Tokens(json.WrittenSpan) : "";
        return isRead;
    }

    // What stands behind a document's end is another document, which the quick reader never sees.
    private static string Whole(string yaml)
    {
        var json = new ArrayBufferWriter<byte>();
        var reader = new YamlToJson(new StringReader(yaml));
        var tokens = reader.Next(json) ? Tokens(json.WrittenSpan) : "Null ";
        json.ResetWrittenCount();
        Assert.False(reader.Next(json));
        return tokens;
    }

    private static string Tokens(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            text.Append(reader.TokenType).Append(' ');
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                text.Append(JsonValue.Create(reader.GetString())!.ToJsonString()).Append(' ');
            else if (reader.TokenType == JsonTokenType.Number)
                text.Append(reader.GetDouble()).Append(' ');
        }

        return text.ToString();
    }
}
