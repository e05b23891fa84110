using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Tests.Yaml;

public sealed partial class YamlWriterTests
{
    [Theory]
    [InlineData("true", "\"true\"")]
    [InlineData("Yes", "\"Yes\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("", "\"\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("0123", "\"0123\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("1_000", "\"1_000\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2001-12-14", "\"2001-12-14\"")]
    [InlineData("3.0", "\"3.0\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("*", "\"*\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData(" a", "\" a\"")]
    [InlineData("7.5s", "7.5s")]
    [InlineData("2160h", "2160h")]
    [InlineData("512Mi", "512Mi")]
    [InlineData("tenant", "tenant")]
    [InlineData("networking.istio.io/v1", "networking.istio.io/v1")]
    [InlineData("connect-failure,cancelled", "connect-failure,cancelled")]
    [InlineData("registry.example.com:5000/a/b", "registry.example.com:5000/a/b")]
    public void TextsStayTexts(string text, string yaml) =>
        Assert.Equal($"key: {yaml}\n", YamlWriter.Write(new JsonObject { ["key"] = text }));

    [Fact]
    public void NumbersAndBooleansAreWrittenAsTheyAre() =>
        Assert.Equal(
            "a: 1\nb: 99.5\nc: true\nd:\n- 1\n- x: {}\n  z: []\n",
            YamlWriter.Write(JsonNode.Parse("""{ "a": 1, "b": 99.5, "c": true, "d": [1, { "x": {}, "z": [] }] }""")!));

    [Fact]
    public void LinesStayReadable() =>
        Assert.Equal("key: |-\n  one\n  two\n", YamlWriter.Write(new JsonObject { ["key"] = "one\ntwo" }));

    [Fact]
    public void EveryTextIsReadBackAndNeverAsSomethingElse() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789.:eE+-_xXoO~yntrufalsNo \n'\"#&*!|>%@`{}[],?/\\"], 0, 12]).Sample(
            text =>
            {
                var yaml = YamlWriter.Write(new JsonObject { ["key"] = text });
                var scalar = Assert.IsType<YamlScalar>(Assert.Single(Assert.IsType<YamlMapping>(Assert.Single(YamlTree.Read(yaml))).Entries).Value);
                Assert.Equal(text, scalar.Text);
                Assert.False(scalar.IsPlain && Typed().IsMatch(text), $"'{text}' would be read as another type");
            },
            iter: 20_000);

    // What YAML 1.1 or 1.2 takes for null, a boolean, a number or a date (the type pages of YAML 1.1, the core schema of YAML 1.2).
    [GeneratedRegex(
        """
        ^(?:|~|null|Null|NULL|y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF
        |[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
        |[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
        |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)\z
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Typed();
}
