using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Objects of which a controller says that it could not do what they ask for. Source: pkg/config/analysis/analyzers/conditions of Istio.</summary>
internal sealed class ConditionRule : IMeshRule
{
    private static readonly string[] Waypoint = ["istio.io/WaypointBound"];
    private static readonly string[] Policy = ["ZtunnelAccepted", "WaypointAccepted"];
    private static readonly string[] GatewayApi = ["Accepted", "Programmed", "ResolvedRefs"];

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var snapshot = mesh.Snapshot;
        return snapshot.Services.SelectMany(item => Of($"Service {item.Key}", item, Waypoint))
            .Concat(snapshot.ServiceEntries.SelectMany(item => Of(item.ToString(), item, Waypoint)))
            .Concat(snapshot.WorkloadEntries.SelectMany(item => Of(item.ToString(), item, Waypoint)))
            .Concat(snapshot.AuthorizationPolicies.SelectMany(item => Of(item.ToString(), item, Policy)))
            .Concat(snapshot.GatewayApiObjects.SelectMany(item => Of(item.ToString(), item, GatewayApi)));
    }

    private static IEnumerable<Finding> Of(string subject, MeshObject item, string[] types) => item.Conditions
        .Where(condition => types.Contains(condition.Type)
            && (condition.Status == "False" || condition is { Type: "WaypointAccepted", Reason: "PartiallyInvalid" }))
        .Select(condition => WorkloadFindings.ConditionNegative.At(subject, condition.Type, condition.Status, condition.Reason, condition.Message));
}
