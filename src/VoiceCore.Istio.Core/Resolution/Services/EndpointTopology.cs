using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Labels that istiod adds to an endpoint for where it runs: subsets can ask for them. A snapshot has no nodes: a pod's zone is what its
/// EndpointSlice says, and where a label of the pod says region or zone, as Kubernetes adds them, that stands.
/// Source: <c>AugmentLabels</c> in pilot/pkg/serviceregistry/util/label/label.go, <c>getPodLocality</c> in
/// pilot/pkg/serviceregistry/kube/controller/controller.go, <c>GetLocalityLabel</c> in pkg/model/proxy.go.
/// </summary>
internal sealed class EndpointTopology
{
    private const string Cluster = "topology.istio.io/cluster";
    private const string Node = "kubernetes.io/hostname";
    private static readonly string[] Levels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"];

    private readonly string _cluster;
    private readonly Dictionary<(string Node, string Locality), LabelSet> _known = [];

    internal EndpointTopology(MeshSnapshot snapshot) => _cluster = snapshot.Deployments.Select(deployment => deployment.Settings["CLUSTER_ID"]).FirstOrDefault(name => name is not null) ?? "Kubernetes";

    /// <summary>Those of a pod; of an address without one they say the cluster only.</summary>
    internal LabelSet Of(PodRecord? pod, string? zone) => pod is null
        ? Of("", "")
        : Of(pod.Node, Written(pod.Labels) is { Length: > 0 } written ? written : zone is null ? "" : $"/{zone}");

    /// <summary>Those of a workload that is written down; its locality goes before its labels.</summary>
    internal LabelSet Of(string locality, LabelSet labels) => Of("", locality.Length > 0 ? locality : Written(labels));

    private static string Written(LabelSet labels) =>
        (labels["topology.istio.io/locality"] ?? labels["istio-locality"] ?? "") is var text && text.Contains('/') ? text : text.Replace('.', '/');

    private LabelSet Of(string node, string locality)
    {
        if (!_known.TryGetValue((node, locality), out var labels))
        {
            var known = new List<KeyValuePair<string, string>>();
            Add(Cluster, _cluster);
            Add(Node, node);
            var places = locality.Split('/');
            for (var level = 0; level < Math.Min(Levels.Length, places.Length); level++)
                Add(Levels[level], places[level]);
            _known.Add((node, locality), labels = LabelSet.Create(known));

            void Add(string key, string value)
            {
                if (value.Length > 0)
                    known.Add(new(key, value));
            }
        }

        return labels;
    }
}
