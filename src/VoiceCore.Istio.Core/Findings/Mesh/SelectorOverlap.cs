using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>Objects of one kind and namespace that select the same pods.</summary>
internal static class SelectorOverlap
{
    /// <summary>Of each object that shares a pod: the others, and the first such pod.</summary>
    /// <param name="items">The objects, each with the pods that it selects.</param>
    internal static IEnumerable<(T Item, T[] Others, PodRecord Pod)> Find<T>(IReadOnlyCollection<(T Item, PodRecord[] Pods)> items)
        where T : IstioObject
    {
        var byPod = new Dictionary<PodRecord, List<T>>(ReferenceEqualityComparer.Instance);
        foreach (var (item, pods) in items)
        {
            foreach (var pod in pods)
            {
                if (byPod.TryGetValue(pod, out var known))
                    known.Add(item);
                else
                    byPod.Add(pod, [item]);
            }
        }

        foreach (var (item, pods) in items)
        {
            if (Array.Find(pods, pod => byPod[pod].Count > 1) is { } pod)
                yield return (item, byPod[pod].Where(other => !ReferenceEquals(other, item)).ToArray(), pod);
        }
    }
}
