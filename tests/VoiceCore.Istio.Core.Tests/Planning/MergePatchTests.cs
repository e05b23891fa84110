using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class MergePatchTests
{
    [Fact]
    public void A_patch_makes_the_one_of_the_other() =>
        Gen.Select(JsonGen.Object(3), JsonGen.Object(3)).Sample((from, to) =>
            Assert.True(JsonNode.DeepEquals(to, MergePatch.Apply(from, MergePatch.Between(from, to)))));

    [Fact]
    public void Nothing_changes_with_the_patch_between_equals() =>
        JsonGen.Object(3).Sample(json => Assert.Empty(MergePatch.Between(json, (JsonObject)json.DeepClone())));

    // RFC 7386, appendix A: the cases whose target and patch are objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_patch_is_applied_as_the_RFC_says(string target, string patch, string result) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), MergePatch.Apply(JsonNode.Parse(target), (JsonObject)JsonNode.Parse(patch)!)));
}
