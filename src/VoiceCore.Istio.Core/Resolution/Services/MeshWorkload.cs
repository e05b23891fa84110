using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Pods that belong together: those of a Deployment, a StatefulSet, another owner, or a pod of its own.</summary>
public sealed class MeshWorkload
{
    private MeshWorkload(string @namespace, string kind, string name, IReadOnlyList<PodRecord> pods)
    {
        Namespace = @namespace;
        Kind = kind;
        Name = name;
        Records = pods;
        Revisions = Distinct(pods.Select(InjectedProxy.Revision));
        ProxyVersions = Distinct(pods.Select(InjectedProxy.Version));
    }

    /// <summary>The namespace.</summary>
    public string Namespace { get; }

    /// <summary>The owner's kind, such as <c>Deployment</c>; <c>Pod</c> for a bare pod.</summary>
    public string Kind { get; }

    /// <summary>The owner's name.</summary>
    public string Name { get; }

    /// <summary>Pods that are not finished.</summary>
    public int Replicas => Records.Count;

    /// <summary>Pods that are ready.</summary>
    public int Ready => Records.Count(pod => pod.Ready);

    /// <summary>Pods that have a sidecar (or are an injected gateway).</summary>
    public int Injected => Records.Count(pod => pod.HasSidecar);

    /// <summary>The revisions that injected the pods: one as a rule, more during a rollout, none without sidecars.</summary>
    public IReadOnlyList<string> Revisions { get; }

    /// <summary>The versions of the pods' proxies (tags of the image).</summary>
    public IReadOnlyList<string> ProxyVersions { get; }

    /// <summary>The names of the pods.</summary>
    public IReadOnlyList<string> Pods => Records.Select(pod => pod.Name).ToArray();

    internal IReadOnlyList<PodRecord> Records { get; }

    /// <summary>The workloads of a snapshot, by namespace, kind and name. Pods that have finished belong to none.</summary>
    public static IEnumerable<MeshWorkload> Of(MeshSnapshot snapshot) =>
        from pod in snapshot.Pods
        where !pod.HasEnded
        group pod by (pod.Namespace, Owner: OwnerOf(pod)) into pods
        orderby pods.Key.Namespace, pods.Key.Owner.Kind, pods.Key.Owner.Name
        select new MeshWorkload(pods.Key.Namespace, pods.Key.Owner.Kind, pods.Key.Owner.Name, pods.ToArray());

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";

    /// <summary>Kind and name of what a pod belongs to. A Deployment owns pods through a ReplicaSet with its name and the hash of the template.</summary>
    internal static (string Kind, string Name) OwnerOf(PodRecord pod)
    {
        if (pod.Owner?.Split('/', 2) is not [var kind, var name])
            return ("Pod", pod.Name);
        return kind == "ReplicaSet" && pod.Labels["pod-template-hash"] is { } hash && name.EndsWith("-" + hash, StringComparison.Ordinal)
            ? ("Deployment", name[..^(hash.Length + 1)])
            : (kind, name);
    }

    private static string[] Distinct(IEnumerable<string?> values) => values.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
}
