using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Controllers;

/// <summary>How many pods of a PodDisruptionBudget may be evicted now.</summary>
internal sealed class DisruptionBudgetController : IController
{
    public void Handle(StoreEvent change, SandboxCluster cluster)
    {
        var kind = cluster.Kinds.Get("policy", "PodDisruptionBudget");
        if (change.Type == StoreEventType.Deleted && change.Kind.IsSameAs(kind))
            return;
        if (!change.Kind.IsSameAs(kind) && !change.Kind.IsSameAs(Kinds.BuiltInKinds.Pod))
            return;
        foreach (var budget in cluster.Store.List(kind, change.Object.Namespace()))
        {
            var pods = cluster.Store.List(Kinds.BuiltInKinds.Pod, budget.Namespace())
                .Where(pod => budget["spec"]?["selector"] is { } selector && LabelSelectors.Matches(selector, pod.Labels())).ToArray();
            var healthy = pods.Count(OwnedObjects.IsReady);
            var desired = budget["spec"]?["minAvailable"] is { } minimum ? Share(minimum, pods.Length) : pods.Length - Share(budget["spec"]?["maxUnavailable"], pods.Length);
            OwnedObjects.SetStatus(cluster, kind, budget, new JsonObject
            {
                ["observedGeneration"] = budget["metadata"]!["generation"]?.DeepClone() ?? 1,
                ["expectedPods"] = pods.Length,
                ["currentHealthy"] = healthy,
                ["desiredHealthy"] = desired,
                ["disruptionsAllowed"] = Math.Max(0, healthy - desired),
            });
        }
    }

    // A number, or a percentage, rounded up.
    private static int Share(JsonNode? node, int of) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.EndsWith('%')
            ? (int)Math.Ceiling(int.Parse(text[..^1], CultureInfo.InvariantCulture) * of / 100.0)
            : node.Number() ?? 0;
}
