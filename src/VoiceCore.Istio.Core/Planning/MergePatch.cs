using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>JSON merge patches (RFC 7386) between two states of an object. Pure.</summary>
internal static class MergePatch
{
    /// <summary>What a patch may change of an object: labels, annotations and everything outside of metadata, without the status.</summary>
    internal static JsonObject Changeable(KubernetesObject item)
    {
        var json = item.Clone().Json;
        var metadata = json["metadata"] as JsonObject;
        json["metadata"] = new JsonObject
        {
            ["labels"] = metadata?["labels"]?.DeepClone() ?? new JsonObject(),
            ["annotations"] = metadata?["annotations"]?.DeepClone() ?? new JsonObject(),
        };
        json.Remove("status");
        return json;
    }

    /// <summary>The patch that makes <paramref name="to"/> of <paramref name="from"/>.</summary>
    internal static JsonObject Between(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (key, value) in to)
        {
            if (JsonNode.DeepEquals(from[key], value))
                continue;
            patch[key] = from[key] is JsonObject below && value is JsonObject wanted ? Between(below, wanted) : value?.DeepClone();
        }

        foreach (var (key, _) in from.Where(field => !to.ContainsKey(field.Key)))
            patch[key] = null;
        return patch;
    }

    /// <summary>What a patch makes of a value (RFC 7386, section 2).</summary>
    internal static JsonObject Apply(JsonNode? target, JsonObject patch)
    {
        var result = target is JsonObject json ? (JsonObject)json.DeepClone() : [];
        foreach (var (key, value) in patch)
        {
            if (value is null)
                result.Remove(key);
            else
                result[key] = value is JsonObject below ? Apply(result[key], below) : value.DeepClone();
        }

        return result;
    }
}
