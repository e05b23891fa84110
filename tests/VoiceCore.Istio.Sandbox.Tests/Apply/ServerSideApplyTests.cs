using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Apply;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Tests.Apply;

/// <summary>The laws of server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/), over random configurations.</summary>
public sealed class ServerSideApplyTests
{
    private const string Now = "2026-11-24T06:11:52Z";

    private static readonly ResourceKind Kind = CustomKinds.Of((JsonObject)JsonNode.Parse(
        """
        {"spec":{"group":"laws.voicecore.io","scope":"Cluster","names":{"plural":"laws","kind":"Law"},
          "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
            "host":{"type":"string"},"limits":{"type":"object","properties":{"max":{"type":"integer"},"min":{"type":"integer"}}},
            "labels":{"type":"object","additionalProperties":{"type":"string"}},
            "rules":{"type":"array","items":{"type":"object","properties":{"to":{"type":"string"}}}},
            "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],"items":{"type":"object","properties":{"name":{"type":"string"},"size":{"type":"integer"}}}},
            "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}}}}}}}]}}
        """)!)[0];

    private static readonly Gen<string> Word = Gen.Int[0, 2].Select(at => "abc".Substring(at, 1));

    private static readonly Gen<JsonObject> Config =
        from host in Word.Null()
        from max in Gen.Int[0, 2].Nullable()
        from min in Gen.Int[0, 2].Nullable()
        from labels in Word.Array[0, 3]
        from rules in Word.Array[0, 2]
        from parts in Gen.Select(Word, Gen.Int[0, 2].Nullable()).Array[0, 3]
        from tags in Word.Array[0, 3]
        select Of(host, max, min, labels, rules, parts, tags);

    [Fact]
    public void Applying_again_changes_nothing() => Gen.Select(Config, Config).Sample((theirs, mine) =>
    {
        var once = Apply(Apply(Empty, "two", theirs), "one", mine);
        Assert.True(JsonNode.DeepEquals(once, Apply(once, "one", mine)));
    });

    [Fact]
    public void What_is_applied_is_there_and_owned() => Gen.Select(Config, Config, Config).Sample((before, theirs, mine) =>
    {
        var live = Apply(Apply(Apply(Empty, "one", before), "two", theirs), "one", mine);

        Assert.True(JsonNode.DeepEquals(live, FieldMerge.Merge(Kind.Schema, live, mine)));
        Assert.True(FieldReading.Claims(Kind.Schema, mine).SameAs(ManagedFields.Read(live).Of(FieldOwner.Of("one", "Apply", "", null))));
    });

    [Fact]
    public void What_nobody_applies_any_more_is_gone() => Gen.Select(Config, Config).Sample((before, mine) =>
    {
        var fields = FieldReading.Claims(Kind.Schema, mine);
        var live = Apply(Apply(Empty, "one", before), "one", mine);

        // Objects that became empty may stay; their fields may not.
        Assert.All(FieldReading.Claims(Kind.Schema, live).Except(fields).Paths(), path => Assert.Contains(path, (string[])[".spec", ".spec.limits"]));
    });

    [Fact]
    public void What_another_applies_too_stays() => Config.Sample(config =>
    {
        var live = Apply(Apply(Apply(Empty, "one", config), "two", config), "one", Empty);

        Assert.True(JsonNode.DeepEquals(live, FieldMerge.Merge(Kind.Schema, live, config)));
    });

    [Fact]
    public void The_order_of_managers_that_agree_does_not_matter() => Gen.Select(Config, Config).Sample((one, two) =>
    {
        if (Conflicts(one, two) || Conflicts(two, one))
            return;
        var forward = Apply(Apply(Empty, "one", one), "two", two);
        var backward = Apply(Apply(Empty, "two", two), "one", one);

        Assert.True(FieldReading.Compare(Kind.Schema, Plain(forward), Plain(backward)).IsNone);
    });

    [Fact]
    public void Owners_read_back_as_they_were_written() => Config.Sample(config =>
    {
        var set = FieldReading.Claims(Kind.Schema, config);
        Assert.True(set.IsEmpty || set.SameAs(FieldSet.FromJson(set.ToJson())));
    });

    private static JsonObject Empty => new() { ["apiVersion"] = Kind.ApiVersion, ["kind"] = Kind.Kind, ["metadata"] = new JsonObject { ["name"] = "x" } };

    private static JsonObject Apply(JsonObject live, string manager, JsonObject config, bool force = true)
    {
        var (json, owners) = ServerSideApply.Apply(Kind, live, config, new WriteSettings(manager), force, Now);
        owners.Write(json);
        return json;
    }

    private static bool Conflicts(JsonObject first, JsonObject second)
    {
        try
        {
            Apply(Apply(Empty, "one", first), "two", second, force: false);
            return false;
        }
        catch (ApiException)
        {
            return true;
        }
    }

    private static JsonObject Plain(JsonObject json)
    {
        var plain = (JsonObject)json.DeepClone();
        ((JsonObject)plain["metadata"]!).Remove("managedFields");
        return plain;
    }

    private static JsonObject Of(string? host, int? max, int? min, string[] labels, string[] rules, (string Name, int? Size)[] parts, string[] tags)
    {
        var spec = new JsonObject();
        if (host is not null)
            spec["host"] = host;
        if (max is not null || min is not null)
            spec["limits"] = Numbers(("max", max), ("min", min));
        if (labels.Length > 0)
            spec["labels"] = new JsonObject(labels.Distinct().Select(label => KeyValuePair.Create(label, (JsonNode?)label)));
        if (rules.Length > 0)
            spec["rules"] = new JsonArray([.. rules.Select(rule => new JsonObject { ["to"] = rule })]);
        if (parts.Length > 0)
        {
            spec["parts"] = new JsonArray([.. parts.DistinctBy(part => part.Name).Select(part =>
            {
                var item = Numbers(("size", part.Size));
                item["name"] = part.Name;
                return item;
            })]);
        }

        if (tags.Length > 0)
            spec["tags"] = new JsonArray([.. tags.Distinct().Select(tag => (JsonNode)tag)]);
        var config = Empty;
        if (spec.Count > 0)
            config["spec"] = spec;
        return config;
    }

    private static JsonObject Numbers(params (string Name, int? Value)[] fields) =>
        new(fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Value!.Value)));
}
