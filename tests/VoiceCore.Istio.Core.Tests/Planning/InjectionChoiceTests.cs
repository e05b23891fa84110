using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class InjectionChoiceTests
{
    private static readonly string[] Keys = ["istio-injection", "istio.io/rev", "team", "istio.io/dataplane-mode"];

    private static readonly string[] Values = ["enabled", "disabled", "1-20-0", "prod"];

    private static readonly Gen<InjectionChoice> Choices =
        Gen.OneOf(Gen.Const(InjectionChoice.Enabled), Gen.Const(InjectionChoice.Disabled), Gen.Int[2, Values.Length - 1].Select(i => InjectionChoice.OfRevision(Values[i])));

    private static readonly Gen<KubernetesObject> Namespaces =
        Gen.Dictionary(Gen.Int[0, Keys.Length - 1].Select(i => Keys[i]), Gen.Int[0, Values.Length - 1].Select(i => Values[i]))[0, Keys.Length].Select(Namespace);

    [Fact]
    public void Afterwards_the_chosen_label_is_the_only_one_of_injection_and_the_others_are_as_they_were() =>
        Gen.Select(Namespaces, Choices).Sample((ns, choice) =>
        {
            var before = ns.Clone();
            var after = InjectionLabels.Patch(ns, choice) is { } patch ? new KubernetesObject(MergePatch.Apply(ns.Json, patch)) : ns;

            Assert.Equal(choice.ToString(), InjectionLabels.Text(after));
            Assert.Null(InjectionLabels.Patch(after, choice));
            Assert.Equal((before.Label("team"), before.Label("istio.io/dataplane-mode")), (after.Label("team"), after.Label("istio.io/dataplane-mode")));
        });

    [Theory]
    [InlineData("containers", "istio-proxy", "v1")]
    [InlineData("initContainers", "istio-proxy", "v1")]
    [InlineData("containers", "app", null)]
    public void Knows_the_revision_of_a_tried_pod(string list, string container, string? revision)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["istio.io/rev"] = "v1" } },
            ["spec"] = new JsonObject { [list] = new JsonArray(new JsonObject { ["name"] = container }) },
        };

        Assert.Equal(revision, InjectionProbe.RevisionOf(new KubernetesObject(pod)));
    }

    private static KubernetesObject Namespace(Dictionary<string, string> labels) => new(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "shop", ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) },
    });
}
