using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>The kinds of which the module makes objects, in the order in which they are removed.</summary>
internal static class InstalledKinds
{
    internal static readonly IReadOnlyList<(string Group, string Kind, ManifestRole Role)> InOrderOfRemoval =
    [
        ("autoscaling", "HorizontalPodAutoscaler", ManifestRole.Workload),
        ("policy", "PodDisruptionBudget", ManifestRole.Workload),
        ("apps", "Deployment", ManifestRole.Workload),
        ("", "Service", ManifestRole.Workload),
        ("rbac.authorization.k8s.io", "RoleBinding", ManifestRole.Workload),
        ("rbac.authorization.k8s.io", "Role", ManifestRole.Workload),
        ("", "ServiceAccount", ManifestRole.Workload),
        ("networking.istio.io", "VirtualService", ManifestRole.Traffic),
        ("networking.istio.io", "DestinationRule", ManifestRole.Traffic),
        ("networking.istio.io", "Gateway", ManifestRole.Traffic),
        ("networking.istio.io", "Sidecar", ManifestRole.Traffic),
        ("security.istio.io", "AuthorizationPolicy", ManifestRole.Policy),
        ("security.istio.io", "PeerAuthentication", ManifestRole.Policy),
        ("telemetry.istio.io", "Telemetry", ManifestRole.Policy),
        ("", "ConfigMap", ManifestRole.ControlPlane),
        ("", "Namespace", ManifestRole.Namespace),
    ];
}
