namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>What every object of a snapshot has.</summary>
public abstract record MeshObject
{
    /// <summary>The namespace; empty for a cluster-wide object.</summary>
    public required string Namespace { get; init; }

    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was created (UTC, whole seconds). An object that was never in a cluster has the earliest time, as Istio's zero time.</summary>
    public DateTime Created { get; init; }

    /// <summary>The object's labels.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Annotations of Istio (<c>*.istio.io/*</c>), without the settings of a proxy: those of others may hold whole documents, and those settings secrets.</summary>
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>What controllers say of it in its status; of a route, what all its parents say.</summary>
    public IReadOnlyList<ObjectCondition> Conditions { get; init; } = [];

    /// <summary><c>namespace/name</c>, or the name of a cluster-wide object.</summary>
    public string Key => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    /// <summary>
    /// Istio's order of age: creation time, then name, then namespace
    /// (<c>configCompareByCreationTime</c> in <c>pilot/pkg/model/config.go</c>).
    /// </summary>
    public static int CompareByAge(MeshObject left, MeshObject right)
    {
        var order = left.Created.CompareTo(right.Created);
        if (order == 0)
            order = string.CompareOrdinal(left.Name, right.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Namespace, right.Namespace);
    }

    /// <summary>The order of a snapshot: by namespace, then by name.</summary>
    public static int CompareByKey(MeshObject left, MeshObject right)
    {
        var order = string.CompareOrdinal(left.Namespace, right.Namespace);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}
