using System.Text;
using CsCheck;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>Whatever the text, the reader answers with findings: it never throws, and never accepts without a definition.</summary>
public sealed class ReaderRobustnessTests
{
    private static readonly string Valid = MeshDefinitionFile.VoiceCoreText;

    private static readonly string[] Pieces =
    [
        ":", " ", "\n", "\t", "-", "- ", "? ", "[", "]", "{", "}", ",", "#", "&a", "*a", "!!str", "!", "|", ">", "'", "\"", "%YAML 1.2", "---", "...",
        "<<: ", "null", "~", "true", "1e309", "-1", "999999999999999999999", "\u0000", "\uFEFF", "\uD800", "é", "\\x41", "@", "`", "services", "  ",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);

    [Fact]
    public void RandomBytes() =>
        Gen.Byte.Array[0, 400].Sample(bytes => Answers(Encoding.UTF8.GetString(bytes)), iter: 3000);

    [Fact]
    public void RandomPiecesOfYaml() =>
        Piece.Array[0, 60].Sample(pieces => Answers(string.Concat(pieces)), iter: 5000);

    [Fact]
    public void DamagedDefinitions() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Int[0, 40], Piece).Array[1, 4].Sample(
            damages =>
            {
                var text = new StringBuilder(Valid);
                foreach (var (at, length, piece) in damages)
                {
                    var start = Math.Min(at, text.Length);
                    text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, piece);
                }

                Answers(text.ToString());
            },
            iter: 1500);

    private static void Answers(string text)
    {
        var document = MeshDefinitionReader.Read(text);
        Assert.Equal(document.IsValid, document.Findings.All(finding => finding.Severity != FindingSeverity.Error));
        Assert.All(document.Findings, finding => Assert.True(finding is { Line: >= 1, Column: >= 1 }, finding.ToString()));
    }
}
