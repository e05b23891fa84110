using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>Makes the objects of one product: the same labels on each, nothing that is not stated.</summary>
internal sealed class Manifest(MeshDefinition definition)
{
    /// <summary>The value of <c>app.kubernetes.io/managed-by</c> on every object of ours.</summary>
    internal const string Manager = "voicecore-mesh";

    /// <summary>The label that says who manages an object.</summary>
    internal const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string PartOf = "app.kubernetes.io/part-of";

    /// <summary>Selects the objects of a product.</summary>
    internal static string SelectorOf(string product) => $"{ManagedBy}={Manager},{PartOf}={product}";

    /// <summary>Whether an object carries the labels of a product.</summary>
    internal static bool IsOf(string product, KubernetesObject item) => item.Label(ManagedBy) == Manager && item.Label(PartOf) == product;

    /// <summary>An object with its common labels. A null anywhere in <paramref name="body"/> or the labels means: not stated.</summary>
    internal RenderedObject Object(
        ManifestRole role, string apiVersion, string kind, string? ns, string name, JsonObject body, JsonObject? labels = null, JsonObject? annotations = null)
    {
        var allLabels = new JsonObject
        {
            [ManagedBy] = Manager,
            [PartOf] = definition.Product,
        };
        foreach (var (key, value) in labels ?? [])
            allLabels[key] = value?.DeepClone();

        var json = new JsonObject
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = allLabels, ["annotations"] = annotations },
        };
        foreach (var (key, value) in body)
            json[key] = value?.DeepClone();

        return new RenderedObject(role, new KubernetesObject(json.WithoutNulls()));
    }

    /// <summary>The <c>resources</c> of a container; null where nothing is stated.</summary>
    internal static JsonObject? Resources(ResourceRequirements resources)
    {
        var requests = Quantities(resources.CpuRequest, resources.MemoryRequest);
        var limits = Quantities(resources.CpuLimit, resources.MemoryLimit);
        return requests is null && limits is null ? null : new JsonObject { ["requests"] = requests, ["limits"] = limits };
    }

    /// <summary>An autoscaler on CPU for a Deployment; null where the number of replicas is fixed.</summary>
    internal RenderedObject? Autoscaler(ManifestRole role, string ns, string name, ReplicaRange replicas, JsonObject labels) =>
        !replicas.IsAutoscaled ? null : Object(role, "autoscaling/v2", "HorizontalPodAutoscaler", ns, name, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = name },
                ["minReplicas"] = replicas.Minimum,
                ["maxReplicas"] = replicas.Maximum,
                ["metrics"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Resource",
                    ["resource"] = new JsonObject
                    {
                        ["name"] = "cpu",
                        ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = replicas.TargetCpuUtilization },
                    },
                }),
            },
        }, labels);

    /// <summary>The <c>replicas</c> of a Deployment; null where an autoscaler owns the number.</summary>
    internal static JsonNode? FixedReplicas(ReplicaRange replicas) => replicas.IsAutoscaled ? null : replicas.Minimum;

    private static JsonObject? Quantities(string? cpu, string? memory) =>
        cpu is null && memory is null ? null : new JsonObject { ["cpu"] = cpu, ["memory"] = memory };
}
