using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>Serves the kinds that CustomResourceDefinitions define, and takes their objects away with them.</summary>
internal sealed class CustomResourceController : IController
{
    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (!change.Kind.IsSameAs(BuiltInKinds.CustomResourceDefinition))
            return;
        var kinds = CustomKinds.Of(change.Object);
        if (kinds.Count == 0)
            return;
        if (change.Type == StoreEventType.Deleted)
        {
            foreach (var json in cluster.Store.List(kinds[0]))
                cluster.Objects.Delete(kinds[0], json.Namespace(), json.Name(), new DeleteSettings());
            cluster.Kinds.Replace(kinds[0].Group, kinds[0].Plural, []);
            return;
        }

        cluster.Kinds.Replace(kinds[0].Group, kinds[0].Plural, kinds);
        if (change.Object["status"]?["conditions"] is null)
            Establish(change.Object, kinds[0], cluster);
    }

    private static void Establish(JsonObject definition, ResourceKind stored, SandboxCluster cluster)
    {
        var established = (JsonObject)definition.DeepClone();
        established["status"] = new JsonObject
        {
            ["acceptedNames"] = definition["spec"]!["names"]!.DeepClone(),
            ["storedVersions"] = new JsonArray(stored.StorageVersion),
            ["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", cluster.Now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", cluster.Now)),
        };
        cluster.Objects.Update(BuiltInKinds.CustomResourceDefinition, established, new WriteSettings("kube-apiserver") { Subresource = "status" });
    }

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = now,
        ["reason"] = reason,
        ["message"] = message,
    };
}
