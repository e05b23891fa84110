using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>What keeps an object that is to be deleted (https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/).</summary>
internal static class Finalizers
{
    /// <summary>Until the objects that it owns are gone.</summary>
    internal const string Foreground = "foregroundDeletion";

    /// <summary>Until the objects that it owns have forgotten it.</summary>
    internal const string Orphan = "orphan";

    /// <summary>True where something holds the object. A namespace is held until its content is gone.</summary>
    internal static bool Hold(ResourceKind kind, JsonObject json) =>
        json["metadata"]?["finalizers"] is JsonArray { Count: > 0 }
        || (kind.IsSameAs(BuiltInKinds.Namespace) && json["spec"]?["finalizers"] is JsonArray { Count: > 0 });

    internal static bool Has(JsonObject json, string finalizer) =>
        json["metadata"]?["finalizers"] is JsonArray list && list.Any(item => (string?)item == finalizer);

    /// <summary>Takes a finalizer away; with the last one the object goes.</summary>
    internal static void Remove(SandboxCluster cluster, ResourceKind kind, JsonObject json, string finalizer)
    {
        var left = ((JsonArray)json["metadata"]!["finalizers"]!).Where(item => (string?)item != finalizer).Select(item => item!.DeepClone());
        cluster.Objects.Patch(
            kind,
            json.Namespace(),
            json.Name(),
            new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. left]) } },
            new WriteSettings(ControllerManager.Name));
    }
}

/// <summary>The field manager of what Kubernetes' controllers write.</summary>
internal static class ControllerManager
{
    internal const string Name = "kube-controller-manager";
}
