using VoiceCore.Istio.Core.Resolution;
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
        var wildcards = byHost.Select(group => group.Key).Where(HostName.IsWildcard).ToArray();
        foreach (var service in forSidecars)
        {
            foreach (var host in service.Hosts.Select(host => mesh.FullHost(host, service.Namespace)).Distinct(StringComparer.Ordinal))
            {
                var others = byHost[host].Where(other => other != service && SeenTogether(service, other))
                    .Concat(Overlapping(host, service, byHost, wildcards))
                    .Distinct()
                    .ToArray();
                if (others.Length == 0)
                    continue;
                yield return MeshFindings.HostTwice.At(service.ToString(), string.Join(", ", others.Select(other => other.Key)), host);
                break;
            }
        }
    }

    // Hosts that a pattern has in common: of one that is public and one that some namespaces see only, who sees both may get either.
    private static IEnumerable<VirtualService> Overlapping(string host, VirtualService service, ILookup<string, VirtualService> byHost, string[] wildcards)
    {
        var isPublic = Scopes(service).Contains("*");
        var hosts = HostName.IsWildcard(host) ? byHost.Select(group => group.Key) : wildcards;
        return hosts
            .Where(other => other != host && HostName.Matches(host, other))
            .SelectMany(other => byHost[other])
            .Where(other => other != service && Scopes(other).Contains("*") != isPublic);
    }

    private static bool SeenTogether(VirtualService left, VirtualService right)
    {
        var (ours, theirs) = (Scopes(left), Scopes(right));
        return ours.Contains("*") || theirs.Contains("*") || ours.Overlaps(theirs);
    }

    private static HashSet<string> Scopes(VirtualService service) =>
        service.ExportTo.Count == 0 ? ["*"] : service.ExportTo.Select(scope => scope == "." ? service.Namespace : scope).ToHashSet(StringComparer.Ordinal);
}
