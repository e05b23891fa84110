using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// The EndpointSlices and pods of a saved snapshot, which are most of it: a namespace's are read when they are first asked for.
/// That all of them are there is checked before.
/// </summary>
internal sealed class SavedNamespaces
{
    private SavedNamespaces(IReadOnlyList<SavedNamespace> index, Lazy<MeshSnapshot>[] parts)
    {
        EndpointSlices = new([.. index.Select(item => item.Name)], [.. index.Select((item, place) => new DeferredList<EndpointSliceRecord>(item.EndpointSlices, () => [.. parts[place].Value.EndpointSlices]))]);
        Pods = new(index, [.. index.Select((item, place) => new DeferredList<PodRecord>(item.Pods, () => [.. parts[place].Value.Pods]))]);
    }

    internal NamespacedList<EndpointSliceRecord> EndpointSlices { get; }

    internal SavedPods Pods { get; }

    internal int Count => EndpointSlices.Count + Pods.Count;

    /// <summary>Finds the lines of each namespace. They are kept: nobody may change them.</summary>
    /// <exception cref="MeshException"><c>SnapshotDamaged</c>: there are fewer lines than the index says, or more.</exception>
    internal static SavedNamespaces Find(IReadOnlyList<SavedNamespace> index, ReadOnlyMemory<byte> lines, string source)
    {
        var parts = new Lazy<MeshSnapshot>[index.Count];
        for (var place = 0; place < parts.Length; place++)
        {
            var expected = index[place];
            var length = Length(lines.Span, expected.EndpointSlices + (long)expected.Pods) ?? throw SnapshotErrors.Damaged(source, inner: null);
            var own = lines[..length];
            lines = lines[length..];
            parts[place] = new(() => Read(expected, own, source));
        }

        return lines.IsEmpty ? new(index, parts) : throw SnapshotErrors.Damaged(source, inner: null);
    }

    private static int? Length(ReadOnlySpan<byte> text, long lines)
    {
        var length = 0;
        for (; lines > 0; lines--)
        {
            var end = text[length..].IndexOf((byte)'\n');
            if (end < 0)
                return null;
            length += end + 1;
        }

        return length;
    }

    private static MeshSnapshot Read(SavedNamespace expected, ReadOnlyMemory<byte> lines, string source)
    {
        MeshSnapshot part;
        try
        {
            var reader = new MeshSnapshotReader();
            reader.AddJson(lines, source);
            part = reader.Build();
        }
        catch (MeshException error)
        {
            throw SnapshotErrors.Damaged(source, error);
        }

        var isWhole = SavedNamespace.Of(expected.Name, part.EndpointSlices, part.Pods) == expected
            && part.EndpointSlices.All(slice => slice.Namespace == expected.Name) && part.Pods.All(pod => pod.Namespace == expected.Name);
        return isWhole ? part : throw SnapshotErrors.Damaged(source, inner: null);
    }
}
