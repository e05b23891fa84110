using System.Text.Json;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>The pods of a workload: the newest as the template makes it, and how many there are. Names, nodes and addresses come and go.</summary>
internal static class PodSummary
{
    // Labels that controllers give a single pod or a single version of a template.
    private static readonly HashSet<string> OwnLabels = new(StringComparer.Ordinal)
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    };

    internal static IEnumerable<ComparableObject> Of(MeshSnapshot snapshot) => MeshWorkload.Of(snapshot)
        .Select(workload => (Workload: workload, Pod: Newest(workload)))
        .Select(item => new ComparableObject(
            ObjectChange.Pods,
            item.Workload.Namespace,
            $"{item.Workload.Kind}/{item.Workload.Name}",
            item.Pod,
            () => ObjectComparison.Bytes(item, (json, pods) => Write(json, pods.Workload, pods.Pod))));

    /// <summary>During a rollout the newest pod shows what the template asks for.</summary>
    internal static PodRecord Newest(MeshWorkload workload) => workload.Records.MaxBy(pod => pod.Created)!;

    private static void Write(Utf8JsonWriter json, MeshWorkload workload, PodRecord newest)
    {
        json.WriteStartObject();
        json.WriteNumber("replicas"u8, workload.Replicas);
        json.WriteNumber("ready"u8, workload.Ready);
        json.WriteNumber("sidecars"u8, workload.Injected);
        json.WritePropertyName("pod"u8);
        PodWriter.Write(json, newest with
        {
            Name = "",
            Created = default,
            Owner = null,
            Labels = LabelSet.Create(newest.Labels.Where(label => !OwnLabels.Contains(label.Key))),
            Node = "",
            IP = "",
            Phase = "",
            Ready = false,
        });
        json.WriteEndObject();
    }
}
