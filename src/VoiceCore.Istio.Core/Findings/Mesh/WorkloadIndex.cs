using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Pods by namespace and label, so that what a selector selects is found without looking at every pod. The time of a search follows from the
/// pods that have the selector's rarest label.
/// </summary>
internal sealed class WorkloadIndex
{
    private readonly IReadOnlyList<PodRecord> _all;
    private readonly ILookup<string, PodRecord> _byNamespace;
    private readonly Lazy<Dictionary<(string Namespace, string Key, string Value), List<PodRecord>>> _byLabel;

    internal WorkloadIndex(IReadOnlyList<PodRecord> pods)
    {
        _all = pods;
        _byNamespace = pods.ToLookup(pod => pod.Namespace, StringComparer.Ordinal);
        _byLabel = new(() => ByLabel(pods));
    }

    /// <summary>The pods of a namespace, or with <paramref name="namespace"/> null of all, that have the labels.</summary>
    internal IEnumerable<PodRecord> Matching(string? @namespace, LabelSet selector)
    {
        if (selector.Count == 0)
            return @namespace is null ? _all : _byNamespace[@namespace];
        var rarest = default(List<PodRecord>);
        foreach (var (key, value) in selector)
        {
            if (!_byLabel.Value.TryGetValue((@namespace ?? "", key, value), out var pods))
                return [];
            if (rarest is null || pods.Count < rarest.Count)
                rarest = pods;
        }

        return rarest!.Where(pod => pod.Labels.Matches(selector));
    }

    // A namespace cannot have an empty name: there all pods stand.
    private static Dictionary<(string, string, string), List<PodRecord>> ByLabel(IReadOnlyList<PodRecord> pods)
    {
        var index = new Dictionary<(string, string, string), List<PodRecord>>();
        foreach (var pod in pods)
        {
            foreach (var (key, value) in pod.Labels)
            {
                Add((pod.Namespace, key, value), pod);
                Add(("", key, value), pod);
            }
        }

        return index;

        void Add((string, string, string) place, PodRecord pod)
        {
            if (!index.TryGetValue(place, out var list))
                index.Add(place, list = []);
            list.Add(pod);
        }
    }
}
