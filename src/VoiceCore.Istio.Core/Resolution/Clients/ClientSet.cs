using System.Numerics;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Some of the clients of a mesh, by their places in its list: an immutable set that is joined and compared 64 clients at a time.</summary>
internal sealed class ClientSet : IEquatable<ClientSet>
{
    internal static readonly ClientSet Empty = new([]);

    // Without zeros at the end, so that equal sets have equal words.
    private readonly ulong[] _words;

    private ClientSet(ulong[] words)
    {
        var length = words.Length;
        while (length > 0 && words[length - 1] == 0)
            length--;
        _words = length == words.Length ? words : words[..length];
    }

    internal bool IsEmpty => _words.Length == 0;

    /// <summary>The place of the first of them; none in an empty set.</summary>
    internal int First
    {
        get
        {
            var index = Array.FindIndex(_words, word => word != 0);
            return (index << 6) + BitOperations.TrailingZeroCount(_words[index]);
        }
    }

    internal static ClientSet Of(int place)
    {
        var words = new ulong[(place >> 6) + 1];
        words[^1] = 1UL << (place & 63);
        return new ClientSet(words);
    }

    internal static ClientSet Of(IEnumerable<int> places) => places.Aggregate(Empty, (set, place) => set | Of(place));

    /// <summary>The places, in their order.</summary>
    internal IEnumerable<int> Places()
    {
        for (var index = 0; index < _words.Length; index++)
        {
            for (var word = _words[index]; word != 0; word &= word - 1)
                yield return (index << 6) + BitOperations.TrailingZeroCount(word);
        }
    }

    public static ClientSet operator |(ClientSet left, ClientSet right)
    {
        var (longer, shorter) = left._words.Length < right._words.Length ? (right, left) : (left, right);
        if (shorter.IsEmpty)
            return longer;
        var words = longer._words.AsSpan().ToArray();
        for (var index = 0; index < shorter._words.Length; index++)
            words[index] |= shorter._words[index];
        return new ClientSet(words);
    }

    public static ClientSet operator &(ClientSet left, ClientSet right)
    {
        var words = new ulong[Math.Min(left._words.Length, right._words.Length)];
        for (var index = 0; index < words.Length; index++)
            words[index] = left._words[index] & right._words[index];
        return new ClientSet(words);
    }

    public static ClientSet operator -(ClientSet left, ClientSet right)
    {
        var words = left._words.AsSpan().ToArray();
        for (var index = 0; index < Math.Min(words.Length, right._words.Length); index++)
            words[index] &= ~right._words[index];
        return new ClientSet(words);
    }

    /// <inheritdoc/>
    public bool Equals(ClientSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClientSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = _words.Length;
        foreach (var word in _words)
            hash = (hash * 397) ^ word.GetHashCode();
        return hash;
    }
}
