using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>A snapshot with what several rules look up in it.</summary>
internal sealed class MeshIndex
{
    private const string AmbientRedirection = "ambient.istio.io/redirection";

    private readonly Dictionary<string, ServiceRecord> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, NamespaceRecord> _namespaces = new(StringComparer.Ordinal);
    private readonly List<(string Host, ServiceEntry Entry)> _entries = [];
    private readonly Lazy<DestinationRuleResolver> _rules;

    internal MeshIndex(MeshSnapshot snapshot)
    {
        Snapshot = snapshot;
        Pods = snapshot.Pods.Where(pod => pod.Phase is not ("Succeeded" or "Failed")).ToArray();
        PodsByNamespace = Pods.ToLookup(pod => pod.Namespace);
        Workloads = [.. Pods, .. Templates()];
        WorkloadsByNamespace = Workloads.ToLookup(pod => pod.Namespace);
        foreach (var service in snapshot.Services)
            _services[$"{service.Name}.{service.Namespace}.svc.{snapshot.ClusterDomain}"] = service;
        foreach (var item in snapshot.Namespaces)
            _namespaces[item.Name] = item;
        foreach (var entry in snapshot.ServiceEntries)
            _entries.AddRange(entry.Hosts.Select(host => (FullHost(host, entry.Namespace), entry)));
        Inbound = new PeerAuthenticationResolver(snapshot);
        _rules = new(() => new DestinationRuleResolver(snapshot));
    }

    internal MeshSnapshot Snapshot { get; }

    /// <summary>Pods that are not finished.</summary>
    internal IReadOnlyList<PodRecord> Pods { get; }

    internal ILookup<string, PodRecord> PodsByNamespace { get; }

    /// <summary>Pods, and in files also those that Deployments will make: what selectors can select.</summary>
    internal IReadOnlyList<PodRecord> Workloads { get; }

    internal ILookup<string, PodRecord> WorkloadsByNamespace { get; }

    internal PeerAuthenticationResolver Inbound { get; }

    internal DestinationRuleResolver Rules => _rules.Value;

    internal NamespaceRecord? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    /// <summary>The name as routes and rules mean it: a name without a dot is a service of the object's namespace.</summary>
    internal string FullHost(string host, string @namespace) =>
        host.Contains('.', StringComparison.Ordinal) || host.StartsWith('*') ? host : $"{host}.{@namespace}.svc.{Snapshot.ClusterDomain}";

    /// <summary>The service that a host is the name of; null for another.</summary>
    internal ServiceRecord? Service(string host, string @namespace) => _services.GetValueOrDefault(FullHost(host, @namespace));

    /// <summary>True where a service or ServiceEntry that the namespace sees has the host.</summary>
    internal bool HostExists(string host, string @namespace) => host.StartsWith('*') || Ports(host, @namespace) is not null;

    /// <summary>The ports of the service or ServiceEntry that has the host, as the namespace sees it; null where none has.</summary>
    internal IReadOnlyList<int>? Ports(string host, string @namespace)
    {
        var full = FullHost(host, @namespace);
        if (_services.TryGetValue(full, out var service) && Sees(service.ExportTo ?? [], service.Namespace, @namespace))
            return service.Ports.Select(port => port.Port).ToArray();
        foreach (var (known, entry) in _entries)
        {
            if (HostName.IsSubsetOf(full, known) && Sees(entry.ExportTo, entry.Namespace, @namespace))
                return entry.Ports.Select(port => port.Port).ToArray();
        }

        return null;
    }

    /// <summary>
    /// True where the snapshot can tell whether the host exists: it is that of a cluster, or files that hold what is of its kind (services of
    /// its namespace, or ServiceEntries).
    /// </summary>
    internal bool KnowsHost(string host, string @namespace)
    {
        if (Snapshot.IsComplete)
            return true;
        var suffix = $".svc.{Snapshot.ClusterDomain}";
        var full = FullHost(host, @namespace);
        return full.EndsWith(suffix, StringComparison.Ordinal) && full[..^suffix.Length].Split('.') is [_, var owner]
            ? Snapshot.Services.Any(service => service.Namespace == owner)
            : _entries.Count > 0;
    }

    /// <summary>The unfinished pods that a service selects.</summary>
    internal IEnumerable<PodRecord> PodsOf(ServiceRecord service) =>
        service.Selector.Count == 0 ? [] : PodsByNamespace[service.Namespace].Where(pod => pod.Labels.Matches(service.Selector));

    /// <summary>What a service selects or, in files, will select.</summary>
    internal IEnumerable<PodRecord> WorkloadsOf(ServiceRecord service) =>
        service.Selector.Count == 0 ? [] : WorkloadsByNamespace[service.Namespace].Where(pod => pod.Labels.Matches(service.Selector));

    /// <summary>True where the pod has a sidecar, or will have one. Source: pkg/config/analysis/analyzers/util/in_mesh.go.</summary>
    internal bool IsInMesh(PodRecord pod)
    {
        if (pod.HasSidecar)
            return true;
        if ((pod.Labels[IstioNames.Inject] ?? pod.Annotations[IstioNames.Inject]) is { } wish)
            return wish == "true";
        return Namespace(pod.Namespace)?.Labels is { } labels
            && (labels[IstioNames.Injection] is { } injection ? injection == "enabled" : labels[IstioNames.Revision] is not null);
    }

    /// <summary>True where the node's proxy takes the pod's traffic.</summary>
    internal static bool IsAmbient(PodRecord pod) => pod.Annotations[AmbientRedirection] == "enabled";

    /// <summary>
    /// The finding as it is where the snapshot can tell; else as information: <paramref name="missing"/> is what the snapshot does not hold.
    /// </summary>
    internal static Finding Unless(bool isKnown, string missing, Finding finding) => isKnown
        ? finding
        : finding with { Severity = FindingSeverity.Info, Message = $"{finding.Message} There is no {missing} here, so this may be in order." };

    // A Deployment that pods belong to is there already.
    private IEnumerable<PodRecord> Templates() => Snapshot.IsComplete
        ? []
        : Snapshot.Deployments
            .Select(deployment => deployment.Template)
            .Where(template => template.Labels.Count > 0 && !PodsByNamespace[template.Namespace].Any(pod => pod.Labels.Matches(template.Labels)));

    private static bool Sees(IReadOnlyList<string> exportTo, string owner, string @namespace) =>
        exportTo.Count == 0 || exportTo.Any(item => item == "*" || item == @namespace || (item == "." && owner == @namespace));
}
