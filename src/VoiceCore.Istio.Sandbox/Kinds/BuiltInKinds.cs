using k8s.Models;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>The kinds of Kubernetes that the module renders, reads or needs for what it renders.</summary>
internal static class BuiltInKinds
{
    internal static readonly ResourceKind Namespace = Cluster<V1Namespace>("", "v1", "namespaces", "Namespace", "ns") with { HasStatus = true };
    internal static readonly ResourceKind Pod = Namespaced<V1Pod>("", "v1", "pods", "Pod", "po") with { HasStatus = true, Categories = ["all"] };
    internal static readonly ResourceKind Service = Namespaced<V1Service>("", "v1", "services", "Service", "svc") with { HasStatus = true, Categories = ["all"] };
    internal static readonly ResourceKind ServiceAccount = Namespaced<V1ServiceAccount>("", "v1", "serviceaccounts", "ServiceAccount", "sa");
    internal static readonly ResourceKind ConfigMap = Namespaced<V1ConfigMap>("", "v1", "configmaps", "ConfigMap", "cm");
    internal static readonly ResourceKind Secret = Namespaced<V1Secret>("", "v1", "secrets", "Secret");
    internal static readonly ResourceKind Deployment = Workload<V1Deployment>("deployments", "Deployment", "deploy") with { HasScale = true };
    internal static readonly ResourceKind ReplicaSet = Workload<V1ReplicaSet>("replicasets", "ReplicaSet", "rs") with { HasScale = true };
    internal static readonly ResourceKind CustomResourceDefinition =
        Cluster<V1CustomResourceDefinition>("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds") with { HasStatus = true };

    internal static readonly IReadOnlyList<ResourceKind> All =
    [
        Namespace,
        Pod,
        Service,
        ServiceAccount,
        ConfigMap,
        Secret,
        Cluster<V1Node>("", "v1", "nodes", "Node", "no") with { HasStatus = true },
        Namespaced<V1Endpoints>("", "v1", "endpoints", "Endpoints", "ep"),
        Namespaced<Corev1Event>("", "v1", "events", "Event", "ev"),
        Namespaced<V1ResourceQuota>("", "v1", "resourcequotas", "ResourceQuota", "quota") with { HasStatus = true },
        Deployment,
        ReplicaSet,
        Workload<V1StatefulSet>("statefulsets", "StatefulSet", "sts") with { HasScale = true },
        Workload<V1DaemonSet>("daemonsets", "DaemonSet", "ds"),
        Namespaced<V2HorizontalPodAutoscaler>("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa") with { HasStatus = true, Categories = ["all"] },
        Namespaced<V1PodDisruptionBudget>("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb") with { HasStatus = true },
        Namespaced<V1EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
        Namespaced<V1NetworkPolicy>("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol"),
        Namespaced<V1Role>("rbac.authorization.k8s.io", "v1", "roles", "Role"),
        Namespaced<V1RoleBinding>("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
        Cluster<V1ClusterRole>("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole"),
        Cluster<V1ClusterRoleBinding>("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding"),
        Cluster<V1MutatingWebhookConfiguration>("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
        Cluster<V1ValidatingWebhookConfiguration>("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
        CustomResourceDefinition,
        Namespaced<V1Lease>("coordination.k8s.io", "v1", "leases", "Lease"),
    ];

    private static ResourceKind Workload<T>(string plural, string kind, params string[] shortNames) =>
        Namespaced<T>("apps", "v1", plural, kind, shortNames) with { HasStatus = true, Categories = ["all"] };

    private static ResourceKind Namespaced<T>(string group, string version, string plural, string kind, params string[] shortNames) =>
        new(group, version, plural, kind, Namespaced: true) { ShortNames = shortNames, Schema = ModelSchema.Of(typeof(T)) };

    private static ResourceKind Cluster<T>(string group, string version, string plural, string kind, params string[] shortNames) =>
        Namespaced<T>(group, version, plural, kind, shortNames) with { Namespaced = false };
}
