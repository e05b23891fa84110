using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Planning;

public sealed class FieldComparisonTests
{
    private const string Ours = "voicecore-mesh";

    [Fact]
    public void An_object_does_not_differ_from_itself() => JsonGen.Object(3).Sample(spec =>
    {
        var item = JsonGen.Item(spec);
        Assert.Empty(FieldComparison.Whole(item, JsonGen.Item(spec)));
        Assert.Empty(FieldComparison.Stated(item, JsonGen.Item(spec), Ours, defaultsInLists: false));
    });

    [Fact]
    public void What_the_server_adds_to_what_is_stated_is_no_difference() =>
        Gen.Select(JsonGen.Object(2), JsonGen.Object(2)).Sample((stated, added) =>
        {
            var live = (JsonObject)added.DeepClone();
            foreach (var (key, value) in stated)
                live[key] = value!.DeepClone();
            Assert.Empty(FieldComparison.Stated(JsonGen.Item(live), JsonGen.Item(stated), Ours, defaultsInLists: true));
        });

    [Fact]
    public void Objects_differ_where_more_than_empty_fields_tells_them_apart() =>
        Gen.Select(JsonGen.Object(2), JsonGen.Object(2)).Sample((one, other) =>
            Assert.Equal(Same(one, other), FieldComparison.Whole(JsonGen.Item(one), JsonGen.Item(other)).Count == 0));

    [Fact]
    public void Every_change_is_found_whichever_way_it_goes() =>
        Gen.Select(JsonGen.Object(3), JsonGen.Object(3)).Sample((one, other) =>
        {
            var there = FieldComparison.Whole(JsonGen.Item(one), JsonGen.Item(other));
            var back = FieldComparison.Whole(JsonGen.Item(other), JsonGen.Item(one));
            Assert.Equal(
                there.Select(difference => (difference.Path, difference.Live, difference.Wanted)).Order(),
                back.Select(difference => (difference.Path, Live: difference.Wanted, Wanted: difference.Live)).Order());
        });

    [Fact]
    public void What_the_server_alone_writes_is_left_out()
    {
        var live = JsonGen.Item("""{"a":1}""");
        live.Json["status"] = new JsonObject { ["ready"] = true };
        live.Json["metadata"]!["uid"] = "u";
        live.Json["metadata"]!["generation"] = 4;
        Assert.Empty(FieldComparison.Whole(live, JsonGen.Item("""{"a":1}""")));
    }

    [Fact]
    public void A_difference_names_the_field_its_values_and_who_owns_it()
    {
        var live = JsonGen.Item(
            """{"policy":{"tcp":{"max":7}},"host":"x"}""",
            """[{"manager":"somebody","fieldsV1":{"f:spec":{"f:policy":{"f:tcp":{"f:max":{}}}}}},{"manager":"voicecore-mesh","fieldsV1":{"f:spec":{"f:host":{}}}}]""");
        var difference = Assert.Single(FieldComparison.Stated(live, JsonGen.Item("""{"policy":{"tcp":{"max":100}},"host":"x"}"""), Ours, defaultsInLists: false));
        Assert.Equal((".spec.policy.tcp.max", "7", "100"), (difference.Path, difference.Live, difference.Wanted));
        Assert.Equal(["somebody"], difference.Owners);
    }

    // https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy: a map list is merged by its keys, an atomic one replaced.
    [Fact]
    public void A_list_that_is_merged_by_keys_is_compared_by_them_whatever_the_order()
    {
        var live = JsonGen.Item(
            """{"ports":[{"port":443,"protocol":"TCP","name":"https"},{"port":80,"protocol":"TCP","name":"http"}]}""",
            """[{"manager":"voicecore-mesh","fieldsV1":{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{}}}}}}]""");
        Assert.Empty(FieldComparison.Stated(live, JsonGen.Item("""{"ports":[{"port":80,"name":"http"}]}"""), Ours, defaultsInLists: false));

        var difference = Assert.Single(FieldComparison.Stated(live, JsonGen.Item("""{"ports":[{"port":80,"name":"web"}]}"""), Ours, defaultsInLists: false));
        Assert.Equal(".spec.ports[port=80,protocol=\"TCP\"].name", difference.Path);
    }

    [Fact]
    public void An_atomic_list_is_compared_item_by_item_and_its_length_is_a_difference_of_the_whole()
    {
        const string Managed = """[{"manager":"voicecore-mesh","fieldsV1":{"f:spec":{"f:http":{}}}}]""";
        var live = JsonGen.Item("""{"http":[{"timeout":"30s"}]}""", Managed);
        Assert.Equal(".spec.http[0].timeout", Assert.Single(FieldComparison.Stated(live, JsonGen.Item("""{"http":[{"timeout":"31s"}]}"""), Ours, defaultsInLists: false)).Path);
        Assert.Equal(".spec.http", Assert.Single(FieldComparison.Stated(live, JsonGen.Item("""{"http":[]}"""), Ours, defaultsInLists: false)).Path);
    }

    [Theory]
    [InlineData("""[{"manager":"voicecore-mesh","fieldsV1":{"f:spec":{"f:old":{}}}}]""", true)]
    [InlineData("""[{"manager":"voicecore-mesh","fieldsV1":{"f:spec":{"f:old":{}}}},{"manager":"other","fieldsV1":{"f:spec":{"f:old":{}}}}]""", false)]
    [InlineData("""[{"manager":"other","fieldsV1":{"f:spec":{"f:old":{}}}}]""", false)]
    [InlineData("[]", false)]
    public void A_field_that_is_no_longer_stated_goes_where_the_manager_alone_owns_it(string managedFields, bool goes)
    {
        var differences = FieldComparison.Stated(JsonGen.Item("""{"old":1,"a":1}""", managedFields), JsonGen.Item("""{"a":1}"""), Ours, defaultsInLists: false);
        Assert.Equal(goes ? [".spec.old"] : [], differences.Select(difference => difference.Path));
    }

    [Theory]
    [InlineData("""{"resources":{"cpu":"1000m"}}""", """{"resources":{"cpu":"1"}}""", true)]
    [InlineData("""{"resources":{"memory":"2048Mi"}}""", """{"resources":{"memory":"2Gi"}}""", true)]
    [InlineData("""{"resources":{"memory":"2049Mi"}}""", """{"resources":{"memory":"2Gi"}}""", false)]
    [InlineData("""{"data":"1000m"}""", """{"data":"1"}""", false)]
    [InlineData("""{"port":80}""", """{"port":"80"}""", true)]
    [InlineData("""{}""", """{"env":"","list":[],"map":{}}""", true)]
    public void Values_that_the_server_writes_in_its_own_way_are_equal(string live, string stated, bool equal) =>
        Assert.Equal(equal, FieldComparison.Stated(JsonGen.Item(live), JsonGen.Item(stated), "istio-operator", defaultsInLists: true).Count == 0);

    // Equal but for fields that are not there or have nothing in them.
    private static bool Same(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        _ when IsEmpty(one) && IsEmpty(other) => true,
        (JsonObject first, JsonObject second) => first.Concat(second).All(field => Same(first[field.Key], second[field.Key])),
        (JsonArray first, JsonArray second) => first.Count == second.Count && first.Zip(second).All(pair => Same(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(one, other),
    };

    private static bool IsEmpty(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };
}
