using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>Keeps a Deployment between an autoscaler's minimum and maximum. There is no load, so nothing else moves it.</summary>
internal sealed class AutoscalerController : IController
{
    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Type == StoreEventType.Deleted)
            return;
        var kind = cluster.Kinds.Get("autoscaling", "HorizontalPodAutoscaler");
        if (change.Kind.IsSameAs(kind))
        {
            Sync(change.Object, kind, cluster);
        }
        else if (change.Kind.IsSameAs(BuiltInKinds.Deployment))
        {
            foreach (var autoscaler in cluster.Store.List(kind, change.Object.Namespace()).Where(autoscaler => Target(autoscaler) == change.Object.Name()))
                Sync(autoscaler, kind, cluster);
        }
    }

    private static void Sync(JsonObject autoscaler, ResourceKind kind, SandboxCluster cluster)
    {
        if (cluster.Store.Get(BuiltInKinds.Deployment, autoscaler.Namespace(), Target(autoscaler)) is not { } deployment || deployment.IsDeleting())
            return;
        var replicas = deployment.Number("spec", "replicas") ?? 0;
        // Zero replicas switch an autoscaler off.
        var wanted = replicas == 0 ? 0 : Math.Clamp(replicas, Math.Max(1, autoscaler.Number("spec", "minReplicas") ?? 0), Math.Max(1, autoscaler.Number("spec", "maxReplicas") ?? 0));
        OwnedObjects.Scale(cluster, BuiltInKinds.Deployment, deployment, wanted);
        OwnedObjects.SetStatus(cluster, kind, autoscaler, new JsonObject { ["currentReplicas"] = replicas, ["desiredReplicas"] = wanted });
    }

    private static string Target(JsonObject autoscaler) => (string?)autoscaler["spec"]?["scaleTargetRef"]?["name"] ?? "";
}
