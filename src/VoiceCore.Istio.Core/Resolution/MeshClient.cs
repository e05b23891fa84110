using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Clients that no rule tells apart: all pods of a namespace with (or without) a sidecar, as long as nothing there depends on labels.
/// </summary>
/// <param name="Namespace">Their namespace.</param>
/// <param name="Labels">Their labels, where they matter; else empty.</param>
/// <param name="HasSidecar">Whether a sidecar carries their traffic.</param>
/// <param name="Pods">The pods.</param>
public sealed record MeshClient(string Namespace, LabelSet Labels, bool HasSidecar, IReadOnlyList<PodRecord> Pods)
{
    /// <summary>The namespace; with the label <c>app</c> where labels matter.</summary>
    public string Name => Labels["app"] is { } app ? $"{Namespace}/{app}" : Namespace;

    /// <summary>The classes of clients of a mesh. istiod itself calls no service; pods that have ended call none any more.</summary>
    internal static IReadOnlyList<MeshClient> Of(MeshResolution mesh) => mesh.Snapshot.Pods
        .Where(pod => pod.Phase is not ("Succeeded" or "Failed") && pod.Labels["app"] != "istiod")
        .GroupBy(pod => (pod.Namespace, pod.HasSidecar, Labels: DependsOnLabels(mesh, pod.Namespace) ? pod.Labels : LabelSet.Empty))
        .Select(group => new MeshClient(group.Key.Namespace, group.Key.Labels, group.Key.HasSidecar, group.ToArray()))
        .OrderBy(client => client.Namespace, StringComparer.Ordinal).ThenByDescending(client => client.HasSidecar).ThenBy(client => client.Name, StringComparer.Ordinal)
        .ToArray();

    private static bool DependsOnLabels(MeshResolution mesh, string @namespace) =>
        mesh.DestinationRules.DependsOnLabels(@namespace) || mesh.Snapshot.Sidecars.Any(sidecar => sidecar.Namespace == @namespace && sidecar.WorkloadSelector is not null);
}
