using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class MergePatchTests
{
    [Fact]
    public void A_patch_makes_the_one_of_the_other() =>
        Gen.Select(JsonGen.Object(3), JsonGen.Object(3)).Sample((from, to) =>
            Assert.True(JsonNode.DeepEquals(to, Applied(from, MergePatch.Between(from, to)))));

    [Fact]
    public void Nothing_changes_with_the_patch_between_equals() =>
        JsonGen.Object(3).Sample(json => Assert.Empty(MergePatch.Between(json, (JsonObject)json.DeepClone())));

    [Fact]
    public void A_patch_over_another_one_does_what_both_do_one_after_the_other() =>
        Gen.Select(JsonGen.Object(2), JsonGen.Object(2), JsonGen.Object(2)).Sample((from, middle, to) =>
        {
            var patch = MergePatch.Between(from, middle);
            MergePatch.Overlay(patch, MergePatch.Between(middle, to));
            Assert.True(JsonNode.DeepEquals(to, Applied(from, patch)));
        });

    // RFC 7386, section 2.
    private static JsonObject Applied(JsonNode? target, JsonObject patch)
    {
        var result = target is JsonObject json ? (JsonObject)json.DeepClone() : [];
        foreach (var (key, value) in patch)
        {
            if (value is null)
                result.Remove(key);
            else
                result[key] = value is JsonObject below ? Applied(result[key], below) : value.DeepClone();
        }

        return result;
    }
}
