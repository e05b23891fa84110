namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Finds what belongs to a host: under its own name, else under the longest wildcard that covers it
/// (<c>MostSpecificHostMatch</c> in pilot/pkg/model/config.go).
/// </summary>
internal sealed class HostIndex<T>
    where T : class
{
    private readonly Dictionary<string, T> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _wildcards = new(StringComparer.Ordinal);
    private int[] _wildcardLengths = [];

    internal T? Exactly(string host) => (HostName.IsWildcard(host) ? _wildcards : _exact).GetValueOrDefault(host);

    internal void Add(string host, T value)
    {
        if (!HostName.IsWildcard(host))
        {
            _exact.Add(host, value);
            return;
        }

        _wildcards.Add(host, value);
        if (!_wildcardLengths.Contains(host.Length))
            _wildcardLengths = [.. _wildcardLengths.Append(host.Length).OrderDescending()];
    }

    internal T? Find(string host)
    {
        if (_exact.TryGetValue(host, out var found))
            return found;
        foreach (var length in _wildcardLengths)
        {
            if (length <= host.Length + 1 && _wildcards.TryGetValue($"*{host.AsSpan(host.Length + 1 - length)}", out found))
                return found;
        }

        return null;
    }

    /// <summary>Everything that covers a host: what is under its own name, then under wildcards, the longest first.</summary>
    internal IEnumerable<T> All(string host)
    {
        if (_exact.TryGetValue(host, out var found))
            yield return found;
        foreach (var length in _wildcardLengths)
        {
            if (length <= host.Length + 1 && _wildcards.TryGetValue($"*{host.AsSpan(host.Length + 1 - length)}", out found))
                yield return found;
        }
    }
}
