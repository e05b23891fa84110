using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>A stored object as it is shown in a version. The kinds that the sandbox serves differ between versions in nothing but the name.</summary>
internal static class ServedObject
{
    internal static JsonObject Of(JsonObject stored, ResourceKind kind)
    {
        if ((string?)stored["apiVersion"] == kind.ApiVersion)
            return stored;
        var shown = (JsonObject)stored.DeepClone();
        shown["apiVersion"] = kind.ApiVersion;
        return shown;
    }

    /// <summary>Names, labels, annotations and owners only.</summary>
    internal static JsonObject MetadataOf(JsonObject stored) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = stored["metadata"]?.DeepClone(),
    };
}
