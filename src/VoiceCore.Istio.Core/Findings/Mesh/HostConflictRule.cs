using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Several VirtualServices for one host of the sidecars, where some namespace sees them together.
/// Source: pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go.
/// </summary>
internal sealed class HostConflictRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var forSidecars = mesh.Snapshot.VirtualServices.Where(service => service.Gateways.Count == 0 || service.Gateways.Contains(IstioNames.MeshGateway)).ToArray();
        var byHost = forSidecars
            .SelectMany(service => service.Hosts.Select(host => (Host: mesh.FullHost(host, service.Namespace), Service: service)))
            .ToLookup(pair => pair.Host, pair => pair.Service, StringComparer.Ordinal);
        foreach (var service in forSidecars)
        {
            foreach (var host in service.Hosts.Select(host => mesh.FullHost(host, service.Namespace)).Distinct(StringComparer.Ordinal))
            {
                var others = byHost[host].Where(other => other != service && SeenTogether(service, other)).Distinct().ToArray();
                if (others.Length == 0)
                    continue;
                yield return MeshFindings.HostTwice.At(service.ToString(), string.Join(", ", others.Select(other => other.Key)), host);
                break;
            }
        }
    }

    private static bool SeenTogether(VirtualService left, VirtualService right)
    {
        var (ours, theirs) = (Scopes(left), Scopes(right));
        return ours.Contains("*") || theirs.Contains("*") || ours.Overlaps(theirs);
    }

    private static HashSet<string> Scopes(VirtualService service) =>
        service.ExportTo.Count == 0 ? ["*"] : service.ExportTo.Select(scope => scope == "." ? service.Namespace : scope).ToHashSet(StringComparer.Ordinal);
}
