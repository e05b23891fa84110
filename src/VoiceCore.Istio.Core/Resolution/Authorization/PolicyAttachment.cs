using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Whether a policy with a selector or target references is for a workload, the same for AuthorizationPolicy and RequestAuthentication.
/// Source: pilot/pkg/model/policyattachment.go.
/// </summary>
internal static class PolicyAttachment
{
    private const string GatewayNameLabel = "gateway.networking.k8s.io/gateway-name";
    private const string ManagedByLabel = "gateway.istio.io/managed";
    private const string WaypointController = "istio.io-mesh-controller";
    private const string GatewayGroup = "gateway.networking.k8s.io";
    private const string WaypointClass = "istio-waypoint";

    /// <summary>Null where the policy is for the workload, else why it is not.</summary>
    internal static PolicyRejection? WhyNot(
        MeshObject policy, LabelSet? selector, IReadOnlyList<PolicyTarget> targets, string rootNamespace, string workloadNamespace, LabelSet workloadLabels)
    {
        var isRoot = policy.Namespace == rootNamespace;
        if (!isRoot && policy.Namespace != workloadNamespace)
            return new(PolicyCause.OtherNamespace, "It is in another namespace.");

        if (workloadLabels[GatewayNameLabel] is not { } gateway)
        {
            if (targets.Count > 0)
                return new(PolicyCause.Ignored, "It is attached to resources by targetRefs; a sidecar ignores such a policy.");
            return WhyNotSelected(selector, workloadLabels);
        }

        var isWaypoint = workloadLabels[ManagedByLabel] == WaypointController;
        if (targets.Count == 0)
            return isWaypoint ? new(PolicyCause.Ignored, "It has no targetRefs; a waypoint ignores such a policy.") : WhyNotSelected(selector, workloadLabels);
        return targets.Any(target =>
            target.Group == GatewayGroup
            && ((target.Kind == "Gateway" && target.Name == gateway && policy.Namespace == workloadNamespace)
                || (target.Kind == "GatewayClass" && target.Name == WaypointClass && isWaypoint && isRoot)))
            ? null
            : new(PolicyCause.SelectorDiffers, $"Its targetRefs do not name the gateway {gateway}.");
    }

    private static PolicyRejection? WhyNotSelected(LabelSet? selector, LabelSet labels) =>
        selector is null || labels.Matches(selector) ? null : new(PolicyCause.SelectorDiffers, $"Its selector ({selector}) does not match the workload's labels.");
}
