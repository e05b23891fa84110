using k8s.Models;

namespace VoiceCore.Istio.Sandbox.Kinds;

/// <summary>
/// How lists and maps of Kubernetes' own kinds merge: the <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c> and <c>-map-type</c>
/// of Kubernetes' API description (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy). What is not here is atomic.
/// </summary>
internal static class ListKeys
{
    private static readonly Dictionary<(Type, string), FieldSchema> Rules = new()
    {
        [(typeof(V1ObjectMeta), "ownerReferences")] = Map("uid"),
        [(typeof(V1ObjectMeta), "finalizers")] = Set,
        [(typeof(V1NamespaceStatus), "conditions")] = Map("type"),
        [(typeof(V1PodSpec), "containers")] = Map("name"),
        [(typeof(V1PodSpec), "initContainers")] = Map("name"),
        [(typeof(V1PodSpec), "ephemeralContainers")] = Map("name"),
        [(typeof(V1PodSpec), "volumes")] = Map("name"),
        [(typeof(V1PodSpec), "imagePullSecrets")] = Map("name"),
        [(typeof(V1PodSpec), "hostAliases")] = Map("ip"),
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = Map("topologyKey", "whenUnsatisfiable"),
        [(typeof(V1PodSpec), "nodeSelector")] = new FieldSchema(FieldType.Map) { IsAtomic = true },
        [(typeof(V1PodStatus), "conditions")] = Map("type"),
        [(typeof(V1PodStatus), "podIPs")] = Map("ip"),
        [(typeof(V1Container), "ports")] = Ports("containerPort"),
        [(typeof(V1Container), "env")] = Map("name"),
        [(typeof(V1Container), "volumeMounts")] = Map("mountPath"),
        [(typeof(V1Container), "volumeDevices")] = Map("devicePath"),
        [(typeof(V1ServiceSpec), "ports")] = Ports("port"),
        [(typeof(V1ServiceSpec), "selector")] = new FieldSchema(FieldType.Map) { IsAtomic = true },
        [(typeof(V1ServiceStatus), "conditions")] = Map("type"),
        [(typeof(V1ServiceAccount), "secrets")] = Map("name"),
        [(typeof(V1NodeSpec), "podCIDRs")] = Set,
        [(typeof(V1NodeStatus), "addresses")] = Map("type"),
        [(typeof(V1NodeStatus), "conditions")] = Map("type"),
        [(typeof(V1DeploymentStatus), "conditions")] = Map("type"),
        [(typeof(V1ReplicaSetStatus), "conditions")] = Map("type"),
        [(typeof(V1StatefulSetStatus), "conditions")] = Map("type"),
        [(typeof(V1DaemonSetStatus), "conditions")] = Map("type"),
        [(typeof(V2HorizontalPodAutoscalerStatus), "conditions")] = Map("type"),
        [(typeof(V1PodDisruptionBudgetStatus), "conditions")] = Map("type"),
        [(typeof(V1MutatingWebhookConfiguration), "webhooks")] = Map("name"),
        [(typeof(V1ValidatingWebhookConfiguration), "webhooks")] = Map("name"),
        [(typeof(V1CustomResourceDefinitionStatus), "conditions")] = Map("type"),
    };

    private static FieldSchema Set => new(FieldType.List) { Merge = ListMerge.Set };

    /// <summary>The schema of a class's field with its way to merge.</summary>
    internal static FieldSchema Apply(Type type, string field, FieldSchema schema) =>
        Rules.TryGetValue((type, field), out var rule) ? schema with { Merge = rule.Merge, Keys = rule.Keys, IsAtomic = rule.IsAtomic } : schema;

    private static FieldSchema Map(params string[] keys) =>
        new(FieldType.List) { Merge = ListMerge.Map, Keys = keys.Select(key => (key, (string?)null)).ToArray() };

    private static FieldSchema Ports(string number) =>
        new(FieldType.List) { Merge = ListMerge.Map, Keys = [(number, null), ("protocol", "TCP")] };
}
