using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>What the status of an object says.</summary>
internal static class ObjectStatus
{
    /// <summary>Whether a condition is true.</summary>
    internal static bool HasCondition(KubernetesObject item, string type) =>
        (item.Json["status"]?["conditions"] as JsonArray ?? []).Any(condition => (string?)condition?["type"] == type && (string?)condition?["status"] == "True");

    /// <summary>
    /// What a Deployment still lacks until every pod is of its newest template and ready, and at least <paramref name="minimum"/> are;
    /// null where nothing is missing. As <c>kubectl rollout status</c> judges it.
    /// </summary>
    internal static string? RolloutState(KubernetesObject deployment, int minimum)
    {
        var status = deployment.Json["status"];
        if (Number(status, "observedGeneration") < Number(deployment.Json["metadata"], "generation"))
            return PlanningText.NotObserved;
        var wanted = Math.Max((int?)deployment.Json["spec"]?["replicas"] ?? 1, minimum);
        var ready = Math.Min(Number(status, "updatedReplicas"), Number(status, "availableReplicas"));
        return ready >= wanted && Number(status, "replicas") == Number(status, "updatedReplicas")
            ? null
            : MeshException.Format(PlanningText.ReplicasReady, Math.Min(ready, wanted).ToString(CultureInfo.InvariantCulture), wanted);
    }

    private static long Number(JsonNode? node, string key) => (long?)node?[key] ?? 0;
}
