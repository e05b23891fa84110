using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>
/// A ReplicaSet for each state of a Deployment's pod template; the old ones shrink when the new one's pods are ready
/// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/). All new pods start at once, whatever <c>maxSurge</c> says.
/// </summary>
internal sealed class DeploymentController : IController
{
    private const string Hash = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Kind.IsSameAs(BuiltInKinds.Deployment))
            Sync(cluster.Store.Get(BuiltInKinds.Deployment, change.Object.Namespace(), change.Object.Name()), cluster);
        else if (change.Kind.IsSameAs(BuiltInKinds.ReplicaSet))
            Sync(OwnedObjects.OwnerOf(cluster, BuiltInKinds.Deployment, change.Object), cluster);
    }

    private static void Sync(JsonObject? deployment, SandboxCluster cluster)
    {
        if (deployment is null || deployment.IsDeleting())
            return;
        var template = deployment["spec"]!["template"]!;
        var hash = HashOf(template);
        var sets = OwnedObjects.Of(cluster, BuiltInKinds.ReplicaSet, deployment);
        var wanted = deployment.Number("spec", "replicas") ?? 0;
        var current = sets.FirstOrDefault(set => set.Labels().GetValueOrDefault(Hash) == hash);
        if (current is null)
        {
            Create(deployment, hash, sets, wanted, cluster);
            return;
        }

        OwnedObjects.Scale(cluster, BuiltInKinds.ReplicaSet, current, wanted);
        if (Ready(current) >= wanted)
        {
            foreach (var old in sets.Where(set => set != current))
                OwnedObjects.Scale(cluster, BuiltInKinds.ReplicaSet, old, 0);
        }

        OwnedObjects.SetStatus(cluster, BuiltInKinds.Deployment, deployment, Status(deployment, sets, current, wanted, cluster));
    }

    private static void Create(JsonObject deployment, string hash, IReadOnlyList<JsonObject> sets, int wanted, SandboxCluster cluster)
    {
        var revision = 1 + sets.Select(set => int.TryParse(set.Annotations().GetValueOrDefault(Revision), CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
        var template = (JsonObject)deployment["spec"]!["template"]!.DeepClone();
        ObjectDefaults.Part(template.Metadata(), "labels")[Hash] = hash;
        var selector = (JsonObject)deployment["spec"]!["selector"]!.DeepClone();
        ObjectDefaults.Part(selector, "matchLabels")[Hash] = hash;
        cluster.Objects.Create(
            BuiltInKinds.ReplicaSet,
            new JsonObject
            {
                ["apiVersion"] = BuiltInKinds.ReplicaSet.ApiVersion,
                ["kind"] = BuiltInKinds.ReplicaSet.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{deployment.Name()}-{hash}",
                    ["namespace"] = deployment.Namespace(),
                    ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                    ["annotations"] = new JsonObject { [Revision] = revision.ToString(CultureInfo.InvariantCulture) },
                    ["ownerReferences"] = OwnedObjects.Reference(BuiltInKinds.Deployment, deployment),
                },
                ["spec"] = new JsonObject { ["replicas"] = wanted, ["selector"] = selector, ["template"] = template },
            },
            OwnedObjects.Writes);
        cluster.Objects.Patch(
            BuiltInKinds.Deployment,
            deployment.Namespace(),
            deployment.Name(),
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Revision] = revision.ToString(CultureInfo.InvariantCulture) } } },
            OwnedObjects.Writes);
    }

    private static JsonObject Status(JsonObject deployment, IReadOnlyList<JsonObject> sets, JsonObject current, int wanted, SandboxCluster cluster)
    {
        var ready = sets.Sum(Ready);
        var complete = Ready(current) >= wanted && sets.All(set => set == current || Existing(set) == 0);
        var conditions = new JsonArray(
            ready >= wanted
                ? OwnedObjects.Condition(cluster, deployment, "Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : OwnedObjects.Condition(cluster, deployment, "Available", false, "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
            complete
                ? OwnedObjects.Condition(cluster, deployment, "Progressing", true, "NewReplicaSetAvailable", $"ReplicaSet \"{current.Name()}\" has successfully progressed.")
                : OwnedObjects.Condition(cluster, deployment, "Progressing", true, "ReplicaSetUpdated", $"ReplicaSet \"{current.Name()}\" is progressing."));
        if ((current["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(condition => (string?)condition?["type"] == "ReplicaFailure") is { } failure)
            conditions.Add(failure.DeepClone());
        var status = new JsonObject { ["observedGeneration"] = deployment["metadata"]!["generation"]!.DeepClone(), ["conditions"] = conditions };
        foreach (var (name, number) in new[]
        {
            ("replicas", sets.Sum(Existing)),
            ("updatedReplicas", Existing(current)),
            ("readyReplicas", ready),
            ("availableReplicas", ready),
            ("unavailableReplicas", Math.Max(0, wanted - ready)),
        })
        {
            if (number > 0)
                status[name] = number;
        }

        return status;
    }

    private static int Ready(JsonObject set) => set.Number("status", "readyReplicas") ?? 0;

    private static int Existing(JsonObject set) => set.Number("status", "replicas") ?? 0;

    private static string HashOf(JsonNode template) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString())))[..10].ToLowerInvariant();
}
