using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Policies by the hosts that they name. One for another host is no candidate, however near it lies.</summary>
internal sealed class PolicyHosts<T>
    where T : MeshObject
{
    private readonly HostIndex<List<T>> _byHost = new();
    private readonly Dictionary<string, List<T>> _astray = new(StringComparer.Ordinal);

    internal PolicyHosts(MeshResolution mesh, IEnumerable<T> policies, Func<T, IEnumerable<string>> hosts)
    {
        foreach (var policy in policies)
        {
            foreach (var written in hosts(policy).Distinct())
            {
                var host = HostName.Complete(written, policy.Namespace, mesh.Snapshot.ClusterDomain);
                if (_byHost.Exactly(host) is { } known)
                    known.Add(policy);
                else
                    _byHost.Add(host, [policy]);
                if (!HostName.IsWildcard(host) && mesh.Registry.Find(host) is null)
                    (_astray.TryGetValue(written, out var others) ? others : _astray[written] = []).Add(policy);
            }
        }
    }

    /// <summary>Those for a host, under its own name or a wildcard.</summary>
    internal IEnumerable<T> For(string host) => _byHost.All(host).SelectMany(policies => policies);

    /// <summary>
    /// Those for a host, and those of some namespaces that were meant for it and name no service at all: <c>tenant</c> in a namespace without
    /// it, or <c>tenant.shop</c>, which is taken as written. In the order of their keys.
    /// </summary>
    internal List<T> Candidates(string host, params string[] namespaces)
    {
        var candidates = For(host).ToHashSet<T>(ReferenceEqualityComparer.Instance);
        for (var dot = host.IndexOf('.'); dot > 0; dot = host.IndexOf('.', dot + 1))
            candidates.UnionWith(_astray.GetValueOrDefault(host[..dot], []).Where(policy => namespaces.Contains(policy.Namespace)));
        var sorted = candidates.ToList();
        sorted.Sort(MeshObject.CompareByKey);
        return sorted;
    }
}
