namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>The pods of a saved snapshot. How many of a namespace call services is known before they are read.</summary>
internal sealed class SavedPods(IReadOnlyList<SavedNamespace> index, IReadOnlyList<PodRecord>[] parts)
    : NamespacedList<PodRecord>([.. index.Select(item => item.Name)], parts)
{
    private readonly Dictionary<string, SavedNamespace> _index = index.ToDictionary(item => item.Name, StringComparer.Ordinal);

    /// <summary>True where a gateway is among the pods of a namespace that call services.</summary>
    internal bool HasGateways(string @namespace) => _index.GetValueOrDefault(@namespace) is { Gateways: > 0 };

    /// <summary>The pods of a namespace that call services, with a sidecar or without.</summary>
    internal IReadOnlyList<PodRecord> Callers(string @namespace, bool hasSidecar)
    {
        var count = _index.GetValueOrDefault(@namespace) is not { } known ? 0 : hasSidecar ? known.Proxied : known.Plain;
        return new DeferredList<PodRecord>(count, () => [.. In(@namespace).Where(pod => pod.IsCaller && pod.HasSidecar == hasSidecar)]);
    }
}
