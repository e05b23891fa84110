using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Gives equal texts one string and equal labels one <see cref="LabelSet"/>: a large cluster repeats few names very often,
/// and a text that is known is found by its UTF-8 bytes without making a string first.
/// </summary>
internal sealed class StringPool
{
    private readonly Dictionary<LabelSet, LabelSet> _labels = [];
    private Entry[] _entries = new Entry[1024];
    private int[] _buckets = new int[1024];
    private int _count;

    internal string Get(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            return Get(reader.GetString()!);
        var text = reader.ValueSpan;
        if (text.IsEmpty)
            return "";

        var hash = Hash(text);
        for (var index = _buckets[hash & (_buckets.Length - 1)] - 1; index >= 0; index = _entries[index].Next)
        {
            if (_entries[index].Hash == hash && reader.ValueTextEquals(_entries[index].Text))
                return _entries[index].Text;
        }

        return Add(reader.GetString()!, hash);
    }

    internal string Get(string text)
    {
        if (text.Length == 0)
            return "";
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var hash = Hash(bytes);
        for (var index = _buckets[hash & (_buckets.Length - 1)] - 1; index >= 0; index = _entries[index].Next)
        {
            if (_entries[index].Hash == hash && _entries[index].Text == text)
                return _entries[index].Text;
        }

        return Add(text, hash);
    }

    internal LabelSet Get(LabelSet labels)
    {
        if (_labels.TryGetValue(labels, out var known))
            return known;
        _labels.Add(labels, labels);
        return labels;
    }

    private string Add(string text, int hash)
    {
        if (_count == _entries.Length)
            Grow();
        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _entries[_count] = new Entry(hash, bucket - 1, text);
        bucket = ++_count;
        return text;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length];
        for (var index = 0; index < _count; index++)
        {
            ref var bucket = ref _buckets[_entries[index].Hash & (_buckets.Length - 1)];
            _entries[index] = _entries[index] with { Next = bucket - 1 };
            bucket = index + 1;
        }
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode() & int.MaxValue;
    }

    private readonly record struct Entry(int Hash, int Next, string Text);
}
