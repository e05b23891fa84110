using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>A copy of the target with the patch applied: null removes, objects merge, everything else replaces.</summary>
    internal static JsonObject Apply(JsonObject? target, JsonObject patch)
    {
        var result = (JsonObject?)target?.DeepClone() ?? [];
        foreach (var (name, value) in patch)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = value is JsonObject inner ? Apply(result[name] as JsonObject, inner) : value.DeepClone();
        }

        return result;
    }
}
