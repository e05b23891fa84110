using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>Deletes objects whose owners are gone (https://kubernetes.io/docs/concepts/architecture/garbage-collection/), and lets owners go that wait for them.</summary>
internal sealed class GarbageCollector : IController
{
    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Type == StoreEventType.Deleted)
        {
            foreach (var (kind, json) in Dependents(cluster, change.Object))
                Collect(cluster, kind, json);
            foreach (var (kind, owner) in Everything(cluster).Where(item => change.Object.Owners().Any(owner => Uid(owner) == item.Json.Uid())).ToArray())
                LetGo(cluster, kind, owner);
        }
        else if (change.Object.IsDeleting())
        {
            LetGo(cluster, change.Kind, change.Object);
        }
        else if (change.Type == StoreEventType.Added && change.Object.Owners().Any())
        {
            Collect(cluster, change.Kind, change.Object);
        }
    }

    private static void LetGo(SandboxCluster cluster, ResourceKind kind, JsonObject json)
    {
        var dependents = Dependents(cluster, json);
        if (Finalizers.Has(json, Finalizers.Orphan))
        {
            foreach (var (dependentKind, dependent) in dependents)
                Forget(cluster, dependentKind, dependent, json.Uid());
            Finalizers.Remove(cluster, kind, json, Finalizers.Orphan);
        }
        else if (json.IsDeleting() && Finalizers.Has(json, Finalizers.Foreground))
        {
            foreach (var (dependentKind, dependent) in dependents.Where(item => !item.Json.IsDeleting()))
                cluster.Objects.Delete(dependentKind, dependent.Namespace(), dependent.Name(), new DeleteSettings { PropagationPolicy = "Foreground" });
            if (dependents.Length == 0)
                Finalizers.Remove(cluster, kind, json, Finalizers.Foreground);
        }
    }

    private static void Collect(SandboxCluster cluster, ResourceKind kind, JsonObject json)
    {
        var alive = Everything(cluster).Select(item => item.Json.Uid()).ToHashSet();
        if (!json.IsDeleting() && !json.Owners().Any(owner => alive.Contains(Uid(owner))))
            cluster.Objects.Delete(kind, json.Namespace(), json.Name(), new DeleteSettings());
    }

    private static void Forget(SandboxCluster cluster, ResourceKind kind, JsonObject json, string? uid)
    {
        var left = json.Owners().Where(owner => Uid(owner) != uid).Select(owner => owner.DeepClone());
        cluster.Objects.Patch(
            kind,
            json.Namespace(),
            json.Name(),
            new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray([.. left]) } },
            new WriteSettings(ControllerManager.Name));
    }

    private static (ResourceKind Kind, JsonObject Json)[] Dependents(SandboxCluster cluster, JsonObject json) =>
        Everything(cluster).Where(item => item.Json.Owners().Any(owner => Uid(owner) == json.Uid())).ToArray();

    private static IEnumerable<(ResourceKind Kind, JsonObject Json)> Everything(SandboxCluster cluster) =>
        cluster.Kinds.All.DistinctBy(kind => (kind.Group, kind.Plural)).SelectMany(kind => cluster.Store.List(kind), (kind, json) => (kind, json));

    private static string? Uid(JsonObject owner) => ObjectFields.Text(owner, "uid");
}
