using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// One Kubernetes object as JSON, of whatever kind: what is rendered, sent, read and compared.
/// The JSON belongs to this object; whoever changes it clones it first (<see cref="Clone"/>).
/// </summary>
public sealed class KubernetesObject
{
    /// <summary>Wraps an object. It must have <c>apiVersion</c>, <c>kind</c> and <c>metadata.name</c> to be sent anywhere.</summary>
    public KubernetesObject(JsonObject json)
    {
        Json = json;
    }

    /// <summary>The whole object.</summary>
    public JsonObject Json { get; }

    /// <summary>Such as <c>v1</c> or <c>networking.istio.io/v1</c>.</summary>
    public string ApiVersion => Text(Json, "apiVersion");

    /// <summary>The API group; empty for the core group.</summary>
    public string Group => ApiVersion.LastIndexOf('/') is var slash and >= 0 ? ApiVersion[..slash] : "";

    /// <summary>The version within the group, such as <c>v1</c>.</summary>
    public string Version => ApiVersion[(ApiVersion.LastIndexOf('/') + 1)..];

    /// <summary>Such as <c>DestinationRule</c>.</summary>
    public string Kind => Text(Json, "kind");

    /// <summary>The object's name.</summary>
    public string Name => Text(Json["metadata"], "name");

    /// <summary>The object's namespace; null for a cluster-wide object.</summary>
    public string? Namespace => (string?)Json["metadata"]?["namespace"];

    /// <summary>The version of the object's state, an opaque text; empty where the object was never stored.</summary>
    public string ResourceVersion => Text(Json["metadata"], "resourceVersion");

    /// <summary>The label's value, or null.</summary>
    public string? Label(string key) => (string?)Json["metadata"]?["labels"]?[key];

    /// <summary>The annotation's value, or null.</summary>
    public string? Annotation(string key) => (string?)Json["metadata"]?["annotations"]?[key];

    /// <summary>Where it is.</summary>
    public ObjectReference Reference => new(Group, Kind, Namespace, Name);

    /// <summary>A deep copy that may be changed.</summary>
    public KubernetesObject Clone() => new((JsonObject)Json.DeepClone());

    /// <inheritdoc/>
    public override string ToString() => Reference.ToString();

    private static string Text(JsonNode? node, string key) => (string?)node?[key] ?? "";
}
