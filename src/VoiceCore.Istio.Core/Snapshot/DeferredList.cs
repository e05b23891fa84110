using System.Collections;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A list whose length is known before its items are made, which happens once, when the first of them is asked for.</summary>
internal sealed class DeferredList<T>(int count, Func<T[]> make) : IReadOnlyList<T>
{
    private readonly Lazy<T[]> _items = new(make);

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public T this[int index] => _items.Value[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
