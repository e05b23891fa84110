using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class InstallMarksTests
{
    [Fact]
    public void What_is_not_there_is_marked_as_created_and_stays_marked()
    {
        var created = InstallMarks.Marked(Namespace(), live: null);
        Assert.True(InstallMarks.IsCreated(created));
        Assert.True(InstallMarks.IsCreated(InstallMarks.Marked(Namespace(), created)));
    }

    [Fact]
    public void What_was_there_is_never_marked_as_created() =>
        Assert.False(InstallMarks.IsCreated(InstallMarks.Marked(Namespace(), Namespace(("team", "voice")))));

    [Fact]
    public void What_was_there_remembers_what_it_had()
    {
        var before = Namespace(("istio-injection", "enabled"), ("team", "voice"));
        var after = Namespace(("istio.io/rev", "1-31-0"), ("team", "voice"));

        var patch = InstallMarks.Patch(InstallMarks.Remembering(Namespace(("istio.io/rev", "1-31-0")), before, after));

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"metadata":{"labels":{"istio-injection":"enabled","istio.io/rev":null}}}"""), WithoutEmpty(patch!)), patch!.ToJsonString());
    }

    [Fact]
    public void A_later_change_does_not_forget_what_was_there_at_first()
    {
        var first = InstallMarks.Remembering(Namespace(("istio.io/rev", "1-30-0")), Namespace(("istio-injection", "enabled")), Namespace(("istio.io/rev", "1-30-0")));

        var second = InstallMarks.Remembering(Namespace(("istio.io/rev", "1-31-0")), first, Namespace(("istio.io/rev", "1-31-0"), ("more", "x")));

        var labels = InstallMarks.Patch(second)!["metadata"]!["labels"]!.AsObject();
        Assert.Equal("enabled", (string?)labels["istio-injection"]);
        Assert.True(labels.ContainsKey("istio.io/rev") && labels["istio.io/rev"] is null);
        Assert.True(labels.ContainsKey("more") && labels["more"] is null);
    }

    // Whatever happens in between, applying the patch to the last state gives back the first one.
    [Fact]
    public void However_often_it_is_changed_what_was_there_at_first_comes_back() =>
        Gen.Select(JsonGen.Object(2), JsonGen.Object(2), JsonGen.Object(2)).Sample((first, second, third) =>
        {
            var marked = InstallMarks.Remembering(JsonGen.Item(second), JsonGen.Item(first), JsonGen.Item(second));
            marked = InstallMarks.Remembering(JsonGen.Item(third), marked, JsonGen.Item(third));

            var restored = MergePatch.Apply(MergePatch.Changeable(JsonGen.Item(third)), InstallMarks.Patch(marked)!);
            Assert.True(JsonNode.DeepEquals(first, restored["spec"]));
        });

    [Fact]
    public void A_damaged_mark_gives_nothing_back()
    {
        var item = Namespace();
        item.Json["metadata"]!["annotations"] = new JsonObject { [InstallMarks.Replaced] = "{" };
        Assert.Null(InstallMarks.Patch(item));
    }

    private static JsonObject WithoutEmpty(JsonObject patch)
    {
        if (patch["metadata"]?["annotations"] is JsonObject { Count: 0 })
            ((JsonObject)patch["metadata"]!).Remove("annotations");
        return patch;
    }

    private static KubernetesObject Namespace(params (string Key, string Value)[] labels) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = "voicecore-ai",
            ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
        },
    });
}
