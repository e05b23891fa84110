using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>As many pods as a ReplicaSet asks for. What refuses a pod, such as a webhook that does not answer, is told in its status and tried again.</summary>
internal sealed class ReplicaSetController : IController
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Kind.IsSameAs(BuiltInKinds.ReplicaSet))
            Sync(change.Object.Namespace(), change.Object.Name(), cluster);
        else if (change.Kind.IsSameAs(BuiltInKinds.Pod) && OwnedObjects.OwnerOf(cluster, BuiltInKinds.ReplicaSet, change.Object) is { } owner)
            Sync(owner.Namespace(), owner.Name(), cluster);
    }

    private static void Sync(string? @namespace, string name, SandboxCluster cluster)
    {
        var set = cluster.Store.Get(BuiltInKinds.ReplicaSet, @namespace, name);
        if (set is null || set.IsDeleting())
            return;
        var pods = OwnedObjects.Of(cluster, BuiltInKinds.Pod, set);
        var wanted = set.Number("spec", "replicas") ?? 0;
        string? refused = null;
        for (var missing = wanted - pods.Count; missing > 0 && refused is null; missing--)
            refused = Create(set, cluster);
        foreach (var pod in pods.OrderBy(OwnedObjects.IsReady).Take(Math.Max(0, pods.Count - wanted)))
            cluster.Objects.Delete(BuiltInKinds.Pod, @namespace, pod.Name(), new DeleteSettings());

        OwnedObjects.SetStatus(cluster, BuiltInKinds.ReplicaSet, set, Status(set, refused, cluster));
        if (refused is not null)
            cluster.After(RetryDelay, () => Sync(@namespace, name, cluster));
    }

    private static string? Create(JsonObject set, SandboxCluster cluster)
    {
        var pod = (JsonObject)set["spec"]!["template"]!.DeepClone();
        pod["apiVersion"] = BuiltInKinds.Pod.ApiVersion;
        pod["kind"] = BuiltInKinds.Pod.Kind;
        pod.Metadata()["generateName"] = set.Name() + "-";
        pod.Metadata()["namespace"] = set.Namespace();
        pod.Metadata()["ownerReferences"] = OwnedObjects.Reference(BuiltInKinds.ReplicaSet, set);
        try
        {
            cluster.Objects.Create(BuiltInKinds.Pod, pod, OwnedObjects.Writes);
            return null;
        }
        catch (ApiException error)
        {
            return error.Message;
        }
    }

    private static JsonObject Status(JsonObject set, string? refused, SandboxCluster cluster)
    {
        var pods = OwnedObjects.Of(cluster, BuiltInKinds.Pod, set);
        var ready = pods.Count(OwnedObjects.IsReady);
        var status = new JsonObject { ["observedGeneration"] = set["metadata"]!["generation"]!.DeepClone(), ["replicas"] = pods.Count };
        foreach (var (name, number) in new[] { ("fullyLabeledReplicas", pods.Count), ("readyReplicas", ready), ("availableReplicas", ready) })
        {
            if (number > 0)
                status[name] = number;
        }

        if (refused is not null)
            status["conditions"] = new JsonArray(OwnedObjects.Condition(cluster, set, "ReplicaFailure", true, "FailedCreate", refused));
        return status;
    }
}
