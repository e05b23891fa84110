using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>ServiceEntries that catch too much or contradict each other. Source: pkg/config/analysis/analyzers/serviceentry of Istio.</summary>
internal sealed class ServiceEntryRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var isAllocated = IsTrue(mesh, "ISTIO_META_DNS_CAPTURE") && (IsTrue(mesh, "ISTIO_META_DNS_AUTO_ALLOCATE") || IsTrue(mesh, "PILOT_ENABLE_IP_AUTOALLOCATE"));
        var byPlace = mesh.Snapshot.ServiceEntries
            .SelectMany(entry => entry.Hosts.SelectMany(host => entry.Ports.Select(port => (Host: host, port.Port, Protocol: Protocol(port), Entry: entry))))
            .ToLookup(use => (use.Host, use.Port));
        var contested = byPlace.Where(uses => uses.Select(use => use.Protocol).Distinct().Count() > 1).Select(uses => uses.Key).ToHashSet();
        foreach (var entry in mesh.Snapshot.ServiceEntries)
        {
            if (entry.Addresses.Count == 0 && !entry.HasStatusAddresses && !isAllocated)
            {
                foreach (var port in entry.Ports.Where(port => Protocol(port) is "" or "TCP"))
                    yield return RouteFindings.EntryAddressMissing.At(entry.ToString(), port.Port);
            }

            var conflict = entry.Hosts
                .SelectMany(host => entry.Ports.Where(port => contested.Contains((host, port.Port))).SelectMany(port => byPlace[(host, port.Port)]
                    .Where(other => other.Protocol != Protocol(port) && SeenTogether(entry, other.Entry))
                    .Select(other => (other.Entry.Key, host, port.Port))))
                .FirstOrDefault();
            if (conflict.Key is not null)
                yield return RouteFindings.EntryProtocolConflict.At(entry.ToString(), conflict.Key, conflict.host, conflict.Port);
            else if (Twin(entry) is { Entry: { } twin } use)
                yield return RouteFindings.EntryTwice.At(entry.ToString(), twin.Key, use.Host, use.Port);
        }

        (string Host, int Port, ServiceEntry? Entry) Twin(ServiceEntry entry) => entry.Hosts
            .SelectMany(host => entry.Ports.SelectMany(port => byPlace[(host, port.Port)]))
            .Where(use => use.Entry != entry && SeenTogether(entry, use.Entry))
            .Select(use => (use.Host, use.Port, (ServiceEntry?)use.Entry))
            .FirstOrDefault();
    }

    private static bool IsTrue(MeshIndex mesh, string name) => mesh.Snapshot.Mesh.ProxyMetadata[name] == "true";

    private static string Protocol(ServicePortRecord port) => (port.AppProtocol ?? "").ToUpperInvariant();

    private static bool SeenTogether(ServiceEntry left, ServiceEntry right)
    {
        var (ours, theirs) = (Scopes(left), Scopes(right));
        return ours.Contains("*") || theirs.Contains("*") || ours.Overlaps(theirs);
    }

    private static HashSet<string> Scopes(ServiceEntry entry) =>
        entry.ExportTo.Count == 0 ? ["*"] : entry.ExportTo.Select(scope => scope == "." ? entry.Namespace : scope).ToHashSet(StringComparer.Ordinal);
}
