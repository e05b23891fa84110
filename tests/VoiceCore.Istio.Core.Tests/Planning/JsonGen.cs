using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Planning;

/// <summary>Random JSON objects with few names, so that two of them have much in common.</summary>
internal static class JsonGen
{
    /// <summary>An object without nulls, at most <paramref name="depth"/> levels deep.</summary>
    internal static Gen<JsonObject> Object(int depth) =>
        Gen.Select(Gen.OneOf("a", "b", "c", "d"), Value(depth)).List[0, 4].Select(fields =>
        {
            var json = new JsonObject();
            foreach (var (name, value) in fields)
                json[name] = value.DeepClone();
            return json;
        });

    internal static KubernetesObject Item(JsonObject spec, string? managedFields = null)
    {
        var item = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Thing",
            ["metadata"] = new JsonObject { ["name"] = "one", ["namespace"] = "ns", ["resourceVersion"] = "7" },
            ["spec"] = spec.DeepClone(),
        };
        if (managedFields is not null)
            item["metadata"]!["managedFields"] = JsonNode.Parse(managedFields);
        return new KubernetesObject(item);
    }

    internal static KubernetesObject Item(string spec, string? managedFields = null) => Item((JsonObject)JsonNode.Parse(spec)!, managedFields);

    private static Gen<JsonNode> Value(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Int[0, 3].Select(number => (JsonNode)JsonValue.Create(number)),
            Gen.Bool.Select(value => (JsonNode)JsonValue.Create(value)),
            Gen.OneOf("x", "y").Select(text => (JsonNode)JsonValue.Create(text)));
        return depth == 0 ? scalar : Gen.OneOf(
            scalar,
            Object(depth - 1).Select(json => (JsonNode)json),
            Value(depth - 1).List[0, 3].Select(items => (JsonNode)new JsonArray([.. items.Select(item => item.DeepClone())])));
    }
}
