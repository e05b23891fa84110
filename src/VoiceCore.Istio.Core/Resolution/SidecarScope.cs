using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Which services a client's proxy knows: what is exported to its namespace, and of that what its Sidecar lets in.
/// Source: pilot/pkg/model/sidecar.go, push_context.go (getSidecarScope).
/// </summary>
public sealed class SidecarScope
{
    private readonly MeshSnapshot _snapshot;
    private readonly Dictionary<string, List<Sidecar>> _namespaces;

    /// <summary>Sorts the snapshot's Sidecars once.</summary>
    public SidecarScope(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _namespaces = snapshot.Sidecars.GroupBy(sidecar => sidecar.Namespace, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group =>
            {
                var list = group.ToList();
                list.Sort(MeshObject.CompareByAge);
                return list;
            },
            StringComparer.Ordinal);
    }

    /// <summary>True where a Sidecar of the namespace is for chosen workloads only: their labels matter.</summary>
    public bool DependsOnLabels(string @namespace) =>
        _namespaces.TryGetValue(@namespace, out var list) && list.Exists(sidecar => sidecar.WorkloadSelector is not null);

    /// <summary>The Sidecar of a workload: one that selects it, else its namespace's, else the root namespace's; null where none.</summary>
    public Sidecar? Of(string @namespace, LabelSet labels)
    {
        var own = _namespaces.GetValueOrDefault(@namespace);
        return own?.Find(sidecar => sidecar.WorkloadSelector is { } selector && labels.Matches(selector))
            ?? own?.Find(sidecar => sidecar.WorkloadSelector is null)
            ?? _namespaces.GetValueOrDefault(_snapshot.Mesh.RootNamespace)?.Find(sidecar => sidecar.WorkloadSelector is null);
    }

    /// <summary>True where the client knows the service.</summary>
    /// <param name="sidecar">The client's Sidecar; null for none.</param>
    /// <param name="clientNamespace">The client's namespace.</param>
    /// <param name="service">The service.</param>
    /// <param name="host">The service's full host name.</param>
    public bool Sees(Sidecar? sidecar, string clientNamespace, ServiceRecord service, string host)
    {
        var export = service.ExportTo is { Count: > 0 } own ? own : _snapshot.Mesh.DefaultServiceExportTo;
        if (!export.Contains("*") && !export.Contains(clientNamespace) && !(export.Contains(".") && service.Namespace == clientNamespace))
            return false;
        return sidecar is null || sidecar.Egress.Count == 0 || sidecar.Egress.Any(egress => egress.Hosts.Any(entry => LetsIn(entry, clientNamespace, service.Namespace, host)));
    }

    private static bool LetsIn(string entry, string clientNamespace, string serviceNamespace, string host)
    {
        if (entry.Split('/', 2) is not [var ns, var name])
            return false;
        return (ns == "*" || ns == serviceNamespace || (ns == "." && serviceNamespace == clientNamespace))
            && (name == "*" || name == host || (name.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(name[1..], StringComparison.Ordinal)));
    }
}
