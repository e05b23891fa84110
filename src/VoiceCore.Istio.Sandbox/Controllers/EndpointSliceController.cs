using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>One EndpointSlice for each Service with a selector: its pods' addresses and the numbers of their ports.</summary>
internal sealed class EndpointSliceController : IController
{
    private const string ServiceName = "kubernetes.io/service-name";

    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        if (change.Kind.IsSameAs(BuiltInKinds.Service) && change.Type != StoreEventType.Deleted)
        {
            Sync(change.Object.Namespace(), change.Object.Name(), cluster);
        }
        else if (change.Kind.IsSameAs(BuiltInKinds.Pod))
        {
            var labels = change.Object.Labels();
            foreach (var service in cluster.Store.List(BuiltInKinds.Service, change.Object.Namespace()).Where(service => LabelSelectors.Has(service.TextMap("spec", "selector"), labels)))
                Sync(service.Namespace(), service.Name(), cluster);
        }
    }

    private static void Sync(string? @namespace, string name, SandboxCluster cluster)
    {
        var service = cluster.Store.Get(BuiltInKinds.Service, @namespace, name);
        if (service is null || service.IsDeleting() || service.TextMap("spec", "selector") is not { Count: > 0 } selector)
            return;
        var pods = cluster.Store.List(BuiltInKinds.Pod, @namespace)
            .Where(pod => !pod.IsDeleting() && pod["status"]?["podIP"] is not null && LabelSelectors.Has(selector, pod.Labels())).ToArray();
        var kind = cluster.Kinds.Get("discovery.k8s.io", "EndpointSlice");
        cluster.Objects.Apply(
            kind,
            new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = name + "-sandbox",
                    ["namespace"] = @namespace,
                    ["labels"] = new JsonObject { [ServiceName] = name, ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io" },
                    ["ownerReferences"] = OwnedObjects.Reference(BuiltInKinds.Service, service),
                },
                ["addressType"] = "IPv4",
                ["endpoints"] = new JsonArray([.. pods.Select(Endpoint)]),
                ["ports"] = new JsonArray([.. service.List("spec", "ports").Select(port => Port(port, pods.FirstOrDefault()))]),
            },
            OwnedObjects.Writes,
            force: true);
    }

    private static JsonObject Endpoint(JsonObject pod)
    {
        var node = (string?)pod["spec"]!["nodeName"] ?? "";
        var ready = OwnedObjects.IsReady(pod);
        return new JsonObject
        {
            ["addresses"] = new JsonArray(pod["status"]!["podIP"]!.DeepClone()),
            ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = ready, ["terminating"] = false },
            ["nodeName"] = node,
            ["zone"] = node.Length == 0 ? "" : SandboxNodes.Zone(node),
            ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() },
        };
    }

    private static JsonObject Port(JsonObject port, JsonObject? pod)
    {
        var target = port["targetPort"];
        // A target by name is the number that the pod's container gives it.
        if (target is JsonValue value && value.TryGetValue<string>(out var name))
        {
            target = pod.List("spec", "containers").Concat(pod.List("spec", "initContainers"))
                .SelectMany(container => container.List("ports"))
                .FirstOrDefault(item => (string?)item["name"] == name)?["containerPort"];
        }

        var result = new JsonObject { ["name"] = (string?)port["name"] ?? "", ["protocol"] = (string?)port["protocol"] ?? "TCP", ["port"] = target?.DeepClone() };
        if (port["appProtocol"] is { } protocol)
            result["appProtocol"] = protocol.DeepClone();
        return result;
    }
}
