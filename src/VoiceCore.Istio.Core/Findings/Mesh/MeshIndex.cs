using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>A snapshot with what several rules look up in it.</summary>
internal sealed class MeshIndex
{
    /// <summary>What a label says in place of a waypoint's name, or of a mode, where there shall be none.</summary>
    internal const string NoWaypoint = "none";

    private const string AmbientRedirection = "ambient.istio.io/redirection";

    private readonly Dictionary<string, ServiceRecord> _services = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, NamespaceRecord> _namespaces = new(StringComparer.Ordinal);
    private readonly HostIndex<List<ServiceEntry>> _entries = new();
    private readonly WorkloadIndex _pods;
    private readonly WorkloadIndex _workloads;
    private readonly Lazy<DestinationRuleResolver> _rules;
    private readonly Lazy<string[]> _hosts;

    internal MeshIndex(MeshSnapshot snapshot)
    {
        Snapshot = snapshot;
        Pods = snapshot.Pods.Where(pod => !pod.HasEnded).ToArray();
        PodsByNamespace = Pods.ToLookup(pod => pod.Namespace);
        _pods = new WorkloadIndex(Pods);
        Workloads = [.. Pods, .. Templates()];
        WorkloadsByNamespace = Workloads.ToLookup(pod => pod.Namespace);
        _workloads = snapshot.IsComplete ? _pods : new WorkloadIndex(Workloads);
        Services = new ServiceIndex(snapshot.Services);
        foreach (var service in snapshot.Services)
            _services[$"{service.Name}.{service.Namespace}.svc.{snapshot.ClusterDomain}"] = service;
        foreach (var item in snapshot.Namespaces)
            _namespaces[item.Name] = item;
        foreach (var (host, entry) in snapshot.ServiceEntries.SelectMany(entry => entry.Hosts.Select(host => (FullHost(host, entry.Namespace), entry))))
        {
            if (_entries.Exactly(host) is { } known)
                known.Add(entry);
            else
                _entries.Add(host, [entry]);
        }

        Inbound = new PeerAuthenticationResolver(snapshot);
        _rules = new(() => new DestinationRuleResolver(snapshot));
        _hosts = new(() => _services.Keys.Concat(snapshot.ServiceEntries.SelectMany(entry => entry.Hosts)).Distinct().ToArray());
    }

    internal MeshSnapshot Snapshot { get; }

    /// <summary>Pods that are not finished.</summary>
    internal IReadOnlyList<PodRecord> Pods { get; }

    internal ILookup<string, PodRecord> PodsByNamespace { get; }

    /// <summary>Pods, and in files also those that Deployments will make: what selectors can select.</summary>
    internal IReadOnlyList<PodRecord> Workloads { get; }

    internal ILookup<string, PodRecord> WorkloadsByNamespace { get; }

    internal ServiceIndex Services { get; }

    internal PeerAuthenticationResolver Inbound { get; }

    internal DestinationRuleResolver Rules => _rules.Value;

    internal NamespaceRecord? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    /// <summary>The name as routes and rules mean it: a name without a dot is a service of the object's namespace.</summary>
    internal string FullHost(string host, string @namespace) =>
        host.Contains('.', StringComparison.Ordinal) || host.StartsWith('*') ? host : $"{host}.{@namespace}.svc.{Snapshot.ClusterDomain}";

    /// <summary>The service that a host is the name of; null for another.</summary>
    internal ServiceRecord? Service(string host, string @namespace) => _services.GetValueOrDefault(FullHost(host, @namespace));

    /// <summary>The ServiceEntries that have the host, the most specific first.</summary>
    internal IEnumerable<ServiceEntry> Entries(string host, string @namespace) => _entries.All(FullHost(host, @namespace)).SelectMany(entries => entries);

    /// <summary>True where a service or ServiceEntry has the host that one of the namespaces sees for which an object is, as <see cref="Ports"/> says.</summary>
    internal bool HostExists(string host, string @namespace, IReadOnlyList<string> exportTo) => host.StartsWith('*') || Ports(host, @namespace, exportTo) is not null;

    /// <summary>True where some service or ServiceEntry has a host that a pattern is for.</summary>
    internal bool HasHostsLike(string pattern) => _hosts.Value.Any(host => HostName.Matches(pattern, host));

    /// <summary>
    /// The ports of the service or ServiceEntry that has the host, as one of the namespaces sees it for which an object is: those of its
    /// <paramref name="exportTo"/>, or else its own. For an object that is for all, only what all see counts. Null where none has.
    /// </summary>
    internal IReadOnlyList<int>? Ports(string host, string @namespace, IReadOnlyList<string> exportTo)
    {
        string[] own = [@namespace];
        var viewers = exportTo.Count == 0 ? own : exportTo.Select(item => item == "." ? @namespace : item).ToArray();
        var full = FullHost(host, @namespace);
        if (_services.TryGetValue(full, out var service) && Sees(service.ExportTo ?? [], service.Namespace, viewers))
            return service.Ports.Select(port => port.Port).ToArray();
        // Patterns of hosts are those that the object's own namespace sees (GetDestinationHost in analyzers/util/service_lookup.go).
        var exact = _entries.Exactly(full);
        return _entries.All(full).SelectMany(entries => entries.Where(entry => Sees(entry.ExportTo, entry.Namespace, entries == exact ? viewers : own)))
            .FirstOrDefault()?.Ports.Select(port => port.Port).ToArray();
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
            ? Services.Any(owner)
            : Snapshot.ServiceEntries.Count > 0;
    }

    /// <summary>The unfinished pods of a namespace that have the labels.</summary>
    internal IEnumerable<PodRecord> PodsWith(string @namespace, LabelSet labels) => _pods.Matching(@namespace, labels);

    /// <summary>The unfinished pods that a service selects.</summary>
    internal IEnumerable<PodRecord> PodsOf(ServiceRecord service) => service.Selector.Count == 0 ? [] : PodsWith(service.Namespace, service.Selector);

    /// <summary>What a service selects or, in files, will select.</summary>
    internal IEnumerable<PodRecord> WorkloadsOf(ServiceRecord service) => service.Selector.Count == 0 ? [] : WorkloadsWith(service.Namespace, service.Selector);

    /// <summary>The workloads of a namespace, or with null of all, that have the labels.</summary>
    internal IEnumerable<PodRecord> WorkloadsWith(string? @namespace, LabelSet labels) => _workloads.Matching(@namespace, labels);

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

    /// <summary>Names for a message, the first few of them.</summary>
    internal static string Shown(IReadOnlyCollection<string> names, int most) => string.Join(", ", names.Take(most)) + (names.Count > most ? ", ..." : "");

    /// <summary>The workload that a pod is of, as far as it can be told: the pods of one owner are alike.</summary>
    internal static string Workload(PodRecord pod) => pod.Owner is { } owner ? $"{pod.Namespace}/{owner}" : $"{pod.Key} itself";

    /// <summary>True where the pods of a namespace are in ambient mode. A label of sidecar injection comes first (NamespaceInAmbientMode in pkg/config/analysis/analyzers/util/in_mesh.go).</summary>
    internal static bool IsAmbient(NamespaceRecord? item) => item is not null
        && item.Labels[IstioNames.Injection] != "enabled" && string.IsNullOrEmpty(item.Labels[IstioNames.Revision]) && item.Labels[IstioNames.DataPlaneMode] == "ambient";

    /// <summary>True where the value of a label is the name of a waypoint.</summary>
    internal static bool NamesWaypoint(string? label) => label is { Length: > 0 } and not NoWaypoint;

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
            .Where(template => template.Labels.Count > 0 && !_pods.Matching(template.Namespace, template.Labels).Any());

    private static bool Sees(IReadOnlyList<string> exportTo, string owner, string[] viewers) =>
        exportTo.Count == 0 || exportTo.Any(item => item == "*" || viewers.Contains(item == "." ? owner : item));
}
