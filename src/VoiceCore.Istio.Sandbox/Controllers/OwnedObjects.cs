using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>What a controller made for an object, and how it writes.</summary>
internal static class OwnedObjects
{
    internal static readonly WriteSettings Writes = new(ControllerManager.Name);

    private static readonly WriteSettings StatusWrites = Writes with { Subresource = "status" };

    /// <summary>The objects that the owner manages and that are not on their way out, oldest first.</summary>
    internal static IReadOnlyList<JsonObject> Of(SandboxCluster cluster, ResourceKind kind, JsonObject owner) =>
        cluster.Store.List(kind, owner.Namespace())
            .Where(json => !json.IsDeleting() && ObjectFields.Text(json.ControllerOwner(), "uid") == owner.Uid())
            .OrderBy(json => ObjectFields.Text(json["metadata"], "creationTimestamp"), StringComparer.Ordinal)
            .ThenBy(json => json.Name(), StringComparer.Ordinal)
            .ToArray();

    /// <summary>The object that manages this one, where it is of that kind and still there.</summary>
    internal static JsonObject? OwnerOf(SandboxCluster cluster, ResourceKind kind, JsonObject json) =>
        json.ControllerOwner() is { } owner && ObjectFields.Text(owner, "kind") == kind.Kind
            ? cluster.Store.Get(kind, json.Namespace(), ObjectFields.Text(owner, "name") ?? "")
            : null;

    internal static JsonArray Reference(ResourceKind kind, JsonObject owner) => new(new JsonObject
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    });

    internal static void Scale(SandboxCluster cluster, ResourceKind kind, JsonObject json, int replicas)
    {
        if ((json.Number("spec", "replicas") ?? 0) != replicas)
            cluster.Objects.Patch(kind, json.Namespace(), json.Name(), new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, Writes);
    }

    /// <summary>Writes the status; nothing where it is what it was.</summary>
    internal static void SetStatus(SandboxCluster cluster, ResourceKind kind, JsonObject json, JsonObject status)
    {
        var changed = (JsonObject)json.DeepClone();
        changed["status"] = status;
        cluster.Objects.Update(kind, changed, StatusWrites);
    }

    /// <summary>A condition that keeps the time of its last transition as long as its status stays.</summary>
    internal static JsonObject Condition(SandboxCluster cluster, JsonObject json, string type, bool status, string reason, string message)
    {
        var text = status ? "True" : "False";
        var old = (json["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(item => (string?)item?["type"] == type);
        var since = (string?)old?["status"] == text ? (string?)old!["lastTransitionTime"] : null;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = text,
            ["lastTransitionTime"] = since ?? cluster.Now,
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    internal static bool IsReady(JsonObject pod) =>
        (pod["status"]?["conditions"] as JsonArray ?? []).Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition["status"] == "True");
}
