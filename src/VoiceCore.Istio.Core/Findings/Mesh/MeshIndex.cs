using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>A snapshot with what several rules look up in it.</summary>
internal sealed class MeshIndex
{
    private readonly Dictionary<string, ServiceRecord> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Host, string Namespace, IReadOnlyList<string> ExportTo)> _entries = [];

    internal MeshIndex(MeshSnapshot snapshot)
    {
        Snapshot = snapshot;
        Pods = snapshot.Pods.Where(pod => pod.Phase is not ("Succeeded" or "Failed")).ToArray();
        PodsByNamespace = Pods.ToLookup(pod => pod.Namespace);
        foreach (var service in snapshot.Services)
            _services[$"{service.Name}.{service.Namespace}.svc.{snapshot.ClusterDomain}"] = service;
        foreach (var entry in snapshot.ServiceEntries)
            _entries.AddRange(entry.Hosts.Select(host => (FullHost(host, entry.Namespace), entry.Namespace, entry.ExportTo)));
        Inbound = new PeerAuthenticationResolver(snapshot);
    }

    internal MeshSnapshot Snapshot { get; }

    /// <summary>Pods that are not finished.</summary>
    internal IReadOnlyList<PodRecord> Pods { get; }

    internal ILookup<string, PodRecord> PodsByNamespace { get; }

    internal PeerAuthenticationResolver Inbound { get; }

    /// <summary>The name as routes and rules mean it: a name without a dot is a service of the object's namespace.</summary>
    internal string FullHost(string host, string @namespace) =>
        host.Contains('.', StringComparison.Ordinal) || host.StartsWith('*') ? host : $"{host}.{@namespace}.svc.{Snapshot.ClusterDomain}";

    /// <summary>The service that a host is the name of; null for another.</summary>
    internal ServiceRecord? Service(string host, string @namespace) => _services.GetValueOrDefault(FullHost(host, @namespace));

    /// <summary>True where a service or ServiceEntry that the namespace sees has the host.</summary>
    internal bool HostExists(string host, string @namespace)
    {
        var full = FullHost(host, @namespace);
        if (host.StartsWith('*') || (_services.TryGetValue(full, out var service) && Sees(service.ExportTo ?? [], service.Namespace, @namespace)))
            return true;
        return _entries.Any(entry => Sees(entry.ExportTo, entry.Namespace, @namespace) && Covers(entry.Host, full));
    }

    /// <summary>The unfinished pods that a service selects.</summary>
    internal IEnumerable<PodRecord> PodsOf(ServiceRecord service) =>
        service.Selector.Count == 0 ? [] : PodsByNamespace[service.Namespace].Where(pod => pod.Labels.Matches(service.Selector));

    private static bool Sees(IReadOnlyList<string> exportTo, string owner, string @namespace) =>
        exportTo.Count == 0 || exportTo.Any(item => item == "*" || item == @namespace || (item == "." && owner == @namespace));

    private static bool Covers(string pattern, string host) =>
        pattern.StartsWith('*') ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) : string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);
}
