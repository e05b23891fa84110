namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The hosts of an egress listener by namespace. Source: <c>convertIstioListenerToWrapper</c> in pilot/pkg/model/sidecar.go.</summary>
internal sealed class EgressHosts
{
    private readonly Dictionary<string, NamespaceHosts> _byNamespace = new(StringComparer.Ordinal);
    private readonly NamespaceHosts? _everywhere;

    internal EgressHosts(IEnumerable<string> hosts, string ownNamespace)
    {
        foreach (var host in hosts)
        {
            if (host.Split('/') is not [var @namespace, var name])
                continue;
            // `~/*` imports nothing; `~namespace/name` takes away what another entry imports.
            var excludes = @namespace.StartsWith('~');
            if (excludes)
                @namespace = @namespace.Length == 1 ? "*" : @namespace[1..];
            if (@namespace == ".")
                @namespace = ownNamespace;
            if (!_byNamespace.TryGetValue(@namespace, out var known))
                _byNamespace.Add(@namespace, known = new NamespaceHosts());
            known.Add(name, excludes);
        }

        _everywhere = _byNamespace.GetValueOrDefault("*");
    }

    /// <summary>The namespaces that anything may be imported from; null for all of them.</summary>
    internal IReadOnlyCollection<string>? Namespaces => _everywhere is null ? _byNamespace.Keys : null;

    /// <summary>True where every host is named with its namespace, without wildcards: what is named is then looked up, not searched.</summary>
    internal bool AreExact => _byNamespace.Values.All(known => known.IsExact) && _everywhere?.HasExact != true;

    /// <summary>The hosts that are named with their namespace.</summary>
    internal IEnumerable<(string Namespace, string Host)> Exact() => _byNamespace.SelectMany(item => item.Value.Exact, (item, host) => (item.Key, host));

    /// <summary>True where what lies in the namespace is imported, and <paramref name="name"/> is not taken away.</summary>
    internal bool Imports(string @namespace, Func<NamespaceHosts, bool> matches, string name)
    {
        var own = _byNamespace.GetValueOrDefault(@namespace);
        if (own?.Excludes(name) == true || _everywhere?.Excludes(name) == true)
            return false;
        return (own is not null && matches(own)) || (_everywhere is not null && matches(_everywhere));
    }
}

/// <summary>The hosts of one namespace.</summary>
internal sealed class NamespaceHosts
{
    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly List<string> _wildcards = [];
    private readonly List<string> _excluded = [];

    internal bool IsExact => _wildcards.Count == 0;

    internal bool HasExact => _exact.Count > 0;

    internal IEnumerable<string> Exact => _exact;

    internal void Add(string host, bool excludes)
    {
        if (excludes)
            _excluded.Add(host);
        else if (HostName.IsWildcard(host))
            _wildcards.Add(host);
        else
            _exact.Add(host);
    }

    internal bool Excludes(string host) => _excluded.Count > 0 && _excluded.Exists(excluded => HostName.IsSubsetOf(host, excluded));

    internal bool Matches(string host) => _exact.Contains(host) || _wildcards.Exists(wildcard => HostName.IsSubsetOf(host, wildcard));

    internal bool MatchesVirtualService(string host) =>
        _exact.Contains(host)
        || _wildcards.Exists(wildcard => HostName.Matches(host, wildcard))
        || (HostName.IsWildcard(host) && _exact.Any(name => HostName.Matches(host, name)));
}
