using System.Collections;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// Labels (or annotations, or a selector's <c>matchLabels</c>): an immutable list of pairs in ordinal order of the keys.
/// Objects with the same labels share one instance within a snapshot, so that classes of workloads can be told by reference.
/// </summary>
public sealed class LabelSet : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<LabelSet>
{
    /// <summary>No labels.</summary>
    public static readonly LabelSet Empty = new([]);

    // Beyond that, putting pairs into their places one by one takes long.
    private const int MaxInserted = 64;

    private readonly KeyValuePair<string, string>[] _pairs;
    private readonly int _hash;

    private LabelSet(KeyValuePair<string, string>[] sortedPairs)
    {
        _pairs = sortedPairs;
        var hash = default(HashCode);
        foreach (var (key, value) in sortedPairs)
        {
            hash.Add(key);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Makes a set; of a key that comes twice the last value counts.</summary>
    public static LabelSet Create(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = new List<KeyValuePair<string, string>>();
        foreach (var pair in pairs)
        {
            // As a rule they come in their order.
            if (sorted.Count == 0 || string.CompareOrdinal(sorted[^1].Key, pair.Key) < 0)
                sorted.Add(pair);
            else if (sorted.Count < MaxInserted)
                Insert(sorted, pair);
            else
                return CreateMany(pairs);
        }

        return sorted.Count == 0 ? Empty : new LabelSet(sorted.ToArray());
    }

    /// <inheritdoc/>
    public int Count => _pairs.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>The value of the key, or null.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var pair in _pairs)
            {
                if (pair.Key == key)
                    return pair.Value;
            }

            return null;
        }
    }

    /// <summary>True where every pair of <paramref name="selector"/> is among these labels; an empty selector matches everything.</summary>
    public bool Matches(LabelSet selector)
    {
        foreach (var (key, value) in selector._pairs)
        {
            if (this[key] != value)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && HasSamePairs(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>As Kubernetes writes a selector: <c>app=tenant,version=v1</c>.</summary>
    public override string ToString() => string.Join(',', _pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _pairs.GetEnumerator();

    private static void Insert(List<KeyValuePair<string, string>> sorted, KeyValuePair<string, string> pair)
    {
        var place = sorted.Count;
        while (place > 0 && string.CompareOrdinal(sorted[place - 1].Key, pair.Key) > 0)
            place--;
        if (place > 0 && sorted[place - 1].Key == pair.Key)
            sorted[place - 1] = pair;
        else
            sorted.Insert(place, pair);
    }

    private static LabelSet CreateMany(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var unique = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
            unique[key] = value;
        return new LabelSet([.. unique]);
    }

    private bool HasSamePairs(LabelSet other)
    {
        if (_pairs.Length != other._pairs.Length)
            return false;
        for (var index = 0; index < _pairs.Length; index++)
        {
            if (_pairs[index].Key != other._pairs[index].Key || _pairs[index].Value != other._pairs[index].Value)
                return false;
        }

        return true;
    }
}
