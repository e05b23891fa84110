using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>What pods and the workloads that make them must have (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/).</summary>
internal static class WorkloadRules
{
    internal static void Check(ResourceKind kind, JsonObject json, List<FieldProblem> problems)
    {
        if (kind.Group == "apps")
            Workload(json["spec"] as JsonObject ?? [], problems);
        else if (kind.IsSameAs(BuiltInKinds.Pod))
            Containers(json["spec"], "spec", problems);
    }

    private static void Workload(JsonObject spec, List<FieldProblem> problems)
    {
        if (spec["replicas"] is { } replicas && replicas.Number() < 0)
            problems.Add(FieldProblem.Invalid("spec.replicas", replicas.ToJsonString(), "must be greater than or equal to 0"));
        var labels = spec["template"]?["metadata"]?["labels"] as JsonObject ?? [];
        if (spec["selector"] is not JsonObject selector)
            problems.Add(FieldProblem.Required("spec.selector"));
        else if (selector["matchLabels"] is JsonObject wanted && wanted.Any(label => !JsonNode.DeepEquals(label.Value, labels[label.Key])))
            problems.Add(FieldProblem.Invalid("spec.template.metadata.labels", labels.ToJsonString(), "`selector` does not match template `labels`"));
        Containers(spec["template"]?["spec"], "spec.template.spec", problems);
    }

    private static void Containers(JsonNode? spec, string path, List<FieldProblem> problems)
    {
        var containers = spec.List("containers").ToArray();
        if (containers.Length == 0)
            problems.Add(FieldProblem.Required($"{path}.containers"));
        for (var at = 0; at < containers.Length; at++)
        {
            foreach (var field in (string[])["name", "image"])
            {
                if (string.IsNullOrEmpty(ObjectFields.Text(containers[at], field)))
                    problems.Add(FieldProblem.Required($"{path}.containers[{at}].{field}"));
            }
        }
    }
}
