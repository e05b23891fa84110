using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class InjectionLabelsTests
{
    // Istio's documentation, "Installing the sidecar": istio-injection takes precedence over istio.io/rev.
    [Theory]
    [InlineData("istio-injection", "enabled", "istio.io/rev")]
    [InlineData("istio-injection", "disabled", "istio.io/rev")]
    [InlineData("istio-injection", "enabled", null)]
    [InlineData("istio.io/rev", "1-20-0", null)]
    public void A_label_beside_what_is_wanted_is_a_stranger(string label, string value, string? wanted)
    {
        var stranger = Assert.Single(InjectionLabels.Strangers(Namespace(label, value, "kubectl-label"), Wanted(wanted)));
        Assert.Equal((".metadata.labels." + label, value, null), (stranger.Path, stranger.Live, stranger.Wanted));
        Assert.Equal(["kubectl-label"], stranger.Owners);
    }

    [Fact]
    public void The_wanted_label_with_another_value_is_no_stranger() =>
        Assert.Empty(InjectionLabels.Strangers(Namespace("istio.io/rev", "1-20-0", "kubectl-label"), Wanted("istio.io/rev")));

    [Fact]
    public void A_label_that_only_the_module_set_goes_by_itself() =>
        Assert.Empty(InjectionLabels.Strangers(Namespace("istio.io/rev", "1-20-0", FieldManagers.VoiceCore), Wanted(null)));

    [Fact]
    public void One_patch_takes_the_strangers_away_and_sets_the_wanted_label()
    {
        var strangers = InjectionLabels.Strangers(Namespace("istio-injection", "enabled", "kubectl-label"), Wanted("istio.io/rev"));

        var patch = InjectionLabels.Patch(strangers, Wanted("istio.io/rev"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"metadata":{"labels":{"istio-injection":null,"istio.io/rev":"1-31-0"}}}"""), patch));
        Assert.Equal("istio-injection=enabled", InjectionLabels.Text(strangers));
    }

    private static KubernetesObject Wanted(string? label) => Namespace(label, "1-31-0", manager: null);

    private static KubernetesObject Namespace(string? label, string value, string? manager)
    {
        var metadata = new JsonObject { ["name"] = "voicecore-ai", ["labels"] = label is null ? new JsonObject() : new JsonObject { [label] = value } };
        if (manager is not null)
        {
            metadata["managedFields"] = new JsonArray(new JsonObject
            {
                ["manager"] = manager,
                ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject { ["f:" + label] = new JsonObject() } } },
            });
        }

        return new KubernetesObject(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata });
    }
}
