using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>Deletes objects whose owners are gone (https://kubernetes.io/docs/concepts/architecture/garbage-collection/), and lets owners go that wait for them.</summary>
internal sealed class GarbageCollector : IController
{
    // What there is and who names whom as an owner, by uid, as of the change that is looked at.
    private readonly Dictionary<string, (ResourceKind Kind, JsonObject Json)> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        Remember(change);
        var uid = change.Object.Uid()!;
        if (change.Type == StoreEventType.Deleted)
        {
            foreach (var dependent in DependentsOf(uid))
                Collect(cluster, dependent);
            foreach (var owner in change.Object.Owners())
                LetGo(cluster, Uid(owner));
        }
        else if (change.Object.IsDeleting())
        {
            LetGo(cluster, uid);
        }
        else if (change.Type == StoreEventType.Added && change.Object.Owners().Any())
        {
            Collect(cluster, uid);
        }
    }

    private void Remember(StoreEvent change)
    {
        var uid = change.Object.Uid()!;
        foreach (var owner in change.Before?.Owners() ?? [])
            _dependents.GetValueOrDefault(Uid(owner))?.Remove(uid);
        if (change.Type == StoreEventType.Deleted)
        {
            _objects.Remove(uid);
            if (_dependents.TryGetValue(uid, out var none) && none.Count == 0)
                _dependents.Remove(uid);
            return;
        }

        _objects[uid] = (change.Kind, change.Object);
        foreach (var owner in change.Object.Owners())
        {
            if (!_dependents.TryGetValue(Uid(owner), out var dependents))
                _dependents[Uid(owner)] = dependents = new HashSet<string>(StringComparer.Ordinal);
            dependents.Add(uid);
        }
    }

    private void LetGo(SandboxCluster cluster, string uid)
    {
        if (Live(cluster, uid) is not (var kind, var json))
            return;
        var dependents = DependentsOf(uid);
        if (Finalizers.Has(json, Finalizers.Orphan))
        {
            foreach (var dependent in dependents)
                Forget(cluster, dependent, uid);
            Finalizers.Remove(cluster, kind, json, Finalizers.Orphan);
        }
        else if (json.IsDeleting() && Finalizers.Has(json, Finalizers.Foreground))
        {
            foreach (var dependent in dependents)
            {
                if (Live(cluster, dependent) is (var dependentKind, var found) && !found.IsDeleting())
                    cluster.Objects.Delete(dependentKind, found.Namespace(), found.Name(), new DeleteSettings { PropagationPolicy = "Foreground" });
            }

            if (dependents.Length == 0)
                Finalizers.Remove(cluster, kind, json, Finalizers.Foreground);
        }
    }

    private void Collect(SandboxCluster cluster, string uid)
    {
        if (Live(cluster, uid) is (var kind, var json) && !json.IsDeleting() && !json.Owners().Any(owner => _objects.ContainsKey(Uid(owner))))
            cluster.Objects.Delete(kind, json.Namespace(), json.Name(), new DeleteSettings());
    }

    private void Forget(SandboxCluster cluster, string uid, string owner)
    {
        if (Live(cluster, uid) is not (var kind, var json))
            return;
        var left = json.Owners().Where(item => Uid(item) != owner).Select(item => item.DeepClone());
        cluster.Objects.Patch(
            kind,
            json.Namespace(),
            json.Name(),
            new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray([.. left]) } },
            new WriteSettings(ControllerManager.Name));
    }

    // The object as it is now, which may be later than the change; null where it is gone already.
    private (ResourceKind Kind, JsonObject Json)? Live(SandboxCluster cluster, string uid) =>
        _objects.TryGetValue(uid, out var known) && cluster.Store.Get(known.Kind, known.Json.Namespace(), known.Json.Name()) is { } json && json.Uid() == uid
            ? (known.Kind, json)
            : null;

    private string[] DependentsOf(string uid) => _dependents.TryGetValue(uid, out var dependents) ? [.. dependents] : [];

    private static string Uid(JsonObject owner) => ObjectFields.Text(owner, "uid") ?? "";
}
