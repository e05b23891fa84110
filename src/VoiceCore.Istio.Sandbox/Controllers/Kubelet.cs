using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>The scheduler and the nodes' kubelets: a pod gets a node and an address, and is ready after <paramref name="startDelay"/>. No container runs.</summary>
internal sealed class Kubelet(TimeSpan startDelay) : IController
{
    private static readonly string[] Conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"];

    private int _pods;

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (!change.Kind.IsSameAs(BuiltInKinds.Pod) || change.Type != StoreEventType.Added || change.Object["spec"]?["nodeName"] is not null)
            return;
        var number = _pods++;
        var pod = cluster.Objects.Patch(
            BuiltInKinds.Pod,
            change.Object.Namespace(),
            change.Object.Name(),
            new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = SandboxNodes.Names[number % SandboxNodes.Names.Count] } },
            new WriteSettings("kube-scheduler"));
        var address = string.Create(CultureInfo.InvariantCulture, $"10.244.{number / 250}.{1 + (number % 250)}");
        if (startDelay == TimeSpan.Zero)
            Start(pod, address, cluster);
        else
            cluster.After(startDelay, () => Start(pod, address, cluster));
    }

    private static void Start(JsonObject created, string address, SandboxCluster cluster)
    {
        if (cluster.Store.Get(BuiltInKinds.Pod, created.Namespace(), created.Name()) is not { } pod || pod.Uid() != created.Uid() || pod.IsDeleting())
            return;
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["hostIP"] = SandboxNodes.Address,
            ["startTime"] = cluster.Now,
            ["qosClass"] = "Burstable",
            ["conditions"] = new JsonArray([.. Conditions.Select(type =>
                new JsonObject { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = cluster.Now })]),
            ["containerStatuses"] = Containers(pod["spec"]!["containers"], cluster.Now),
        };
        if (pod["spec"]!["initContainers"] is JsonArray { Count: > 0 } first)
            status["initContainerStatuses"] = Containers(first, cluster.Now);
        OwnedObjects.SetStatus(cluster, BuiltInKinds.Pod, pod, status);
    }

    private static JsonArray Containers(JsonNode? containers, string now) => new([.. containers.List().Select(container =>
        new JsonObject
        {
            ["name"] = container["name"]!.DeepClone(),
            ["image"] = container["image"]?.DeepClone() ?? "",
            ["imageID"] = "",
            ["restartCount"] = 0,
            ["ready"] = true,
            ["started"] = true,
            ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
        })]);
}
