using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>Among which resources the module's own objects are looked for, and in which order they are removed.</summary>
internal static class InstalledKinds
{
    // What the module never makes: private, or made by Kubernetes with the labels of other objects.
    private static readonly string[] NeverOurs = ["Secret", "Event", "Endpoints", "Pod", "ReplicaSet", "ControllerRevision", "Lease"];

    /// <summary>Whether objects of the module may be in this API group.</summary>
    internal static bool MayBeIn(string group) =>
        group is "" or "apps" or "autoscaling" or "policy" or "rbac.authorization.k8s.io" or "monitoring.coreos.com" || IsIstios(group);

    /// <summary>Whether objects of the module may be of this resource.</summary>
    internal static bool MayBe(ApiResource resource) =>
        MayBeIn(resource.Group)
        && (resource.Namespaced || resource.Kind == "Namespace")
        && !NeverOurs.Contains(resource.Kind)
        && resource.Verbs.Contains("list") && resource.Verbs.Contains("delete");

    /// <summary>What an object of the kind is for.</summary>
    internal static ManifestRole RoleOf(ObjectReference item) => item.Kind switch
    {
        "Namespace" => ManifestRole.Namespace,
        _ when ControlPlaneRecord.IsRecord(item) => ManifestRole.ControlPlane,
        _ when item.Group == "networking.istio.io" => ManifestRole.Traffic,
        _ when IsIstios(item.Group) => ManifestRole.Policy,
        _ => ManifestRole.Workload,
    };

    // The place in the order of removal: what starts pods, what they need, routes, policies, the control plane, namespaces.
    private static int RankOf(ObjectReference item) => (RoleOf(item), item.Group) switch
    {
        (ManifestRole.Workload, "autoscaling") => 0,
        (ManifestRole.Workload, "apps") => 1,
        (ManifestRole.Workload, _) => 2,
        (ManifestRole.Traffic, _) => 3,
        (ManifestRole.Policy, _) => 4,
        (ManifestRole.ControlPlane, _) => 5,
        _ => 6,
    };

    /// <summary>
    /// Rows in the order in which their objects are removed. Routes go before what they lead to; the policy that allows nothing goes before
    /// those that allow something, or what they allow would be denied in between.
    /// </summary>
    internal static IReadOnlyList<PlanRow> InOrderOfRemoval(IEnumerable<PlanRow> rows) =>
        [.. rows.OrderBy(row => RankOf(row.Object)).ThenBy(row => row is { Kind: "VirtualService" } or { Kind: "AuthorizationPolicy", Name: ZeroTrustRenderer.AllowNothing } ? 0 : 1)];

    private static bool IsIstios(string group) => group.EndsWith(".istio.io", StringComparison.Ordinal);
}
