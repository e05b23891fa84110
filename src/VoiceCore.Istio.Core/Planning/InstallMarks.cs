using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>
/// The marks by which an uninstall knows what the module created, and what it changed of objects that were there before.
/// Without a mark nothing is ever removed.
/// </summary>
internal static class InstallMarks
{
    /// <summary>Annotation of an object that the module created.</summary>
    internal const string Created = "mesh.voicecore.io/created";

    /// <summary>Annotation of an object that was there before: a JSON merge patch (RFC 7386) that gives back what it had.</summary>
    internal const string Replaced = "mesh.voicecore.io/replaced";

    internal static bool IsCreated(KubernetesObject item) => item.Annotation(Created) == "true";

    /// <summary>The patch that gives back what an object had; null where there is none.</summary>
    internal static JsonObject? Patch(KubernetesObject item)
    {
        try
        {
            return item.Annotation(Replaced) is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object with the mark that belongs to it: that of the live object, or that it was created.</summary>
    internal static KubernetesObject Marked(KubernetesObject wanted, KubernetesObject? live)
    {
        if (live is null || IsCreated(live))
            return With(wanted, Created, "true");
        return live.Annotation(Replaced) is { } replaced ? With(wanted, Replaced, replaced) : wanted;
    }

    /// <summary>
    /// The object with the patch that leads from <paramref name="after"/> back to what was there at first: <paramref name="before"/>,
    /// with what an earlier patch gives back.
    /// </summary>
    internal static KubernetesObject Remembering(KubernetesObject wanted, KubernetesObject before, KubernetesObject after)
    {
        var original = WithoutMark(MergePatch.Apply(MergePatch.Changeable(before), Patch(before) ?? []));
        var patch = MergePatch.Between(WithoutMark(MergePatch.Changeable(after)), original);
        return With(wanted, Replaced, patch.ToJsonString());
    }

    private static JsonObject WithoutMark(JsonObject item)
    {
        (item["metadata"]?["annotations"] as JsonObject)?.Remove(Replaced);
        return item;
    }

    private static KubernetesObject With(KubernetesObject item, string annotation, string value)
    {
        var marked = item.Clone();
        var metadata = (JsonObject)marked.Json["metadata"]!;
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        annotations[annotation] = value;
        return marked;
    }
}
