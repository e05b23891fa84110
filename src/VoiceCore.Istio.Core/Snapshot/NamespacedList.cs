using System.Collections;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>Objects of one kind that can be asked for namespace by namespace; all of them in the order of their namespaces.</summary>
internal class NamespacedList<T> : IReadOnlyList<T>
    where T : MeshObject
{
    private readonly IReadOnlyList<T>[] _parts;
    private readonly Dictionary<string, IReadOnlyList<T>> _byName = new(StringComparer.Ordinal);

    /// <summary>A list of what is in <paramref name="namespaces"/>, which are in ordinal order: for each of them a part.</summary>
    internal NamespacedList(IReadOnlyList<string> namespaces, IReadOnlyList<T>[] parts)
    {
        (Namespaces, _parts) = (namespaces, parts);
        for (var index = 0; index < parts.Length; index++)
        {
            _byName.Add(namespaces[index], parts[index]);
            Count += parts[index].Count;
        }
    }

    /// <summary>The namespaces.</summary>
    internal IReadOnlyList<string> Namespaces { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public T this[int index]
    {
        get
        {
            foreach (var part in _parts)
            {
                if (index < part.Count)
                    return part[index];
                index -= part.Count;
            }

            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    /// <summary>The objects of a list of a snapshot.</summary>
    internal static NamespacedList<T> Of(IReadOnlyList<T> records)
    {
        if (records is NamespacedList<T> already)
            return already;
        var byName = new SortedDictionary<string, List<T>>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            if (!byName.TryGetValue(record.Namespace, out var part))
                byName.Add(record.Namespace, part = []);
            part.Add(record);
        }

        return new NamespacedList<T>(byName.Keys.ToArray(), [.. byName.Values]);
    }

    /// <summary>Those of a namespace.</summary>
    internal IReadOnlyList<T> In(string @namespace) => _byName.GetValueOrDefault(@namespace, []);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        foreach (var part in _parts)
        {
            foreach (var record in part)
                yield return record;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
