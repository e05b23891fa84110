using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Several VirtualServices for one host of the sidecars, where some namespace sees them together.
/// Source: pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go.
/// </summary>
internal sealed class HostConflictRule : IMeshRule
{
    private const int ShownNames = 5;

    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var forSidecars = mesh.Snapshot.VirtualServices.Where(service => service.Gateways.Count == 0 || service.Gateways.Contains(IstioNames.MeshGateway)).ToArray();
        var byHost = forSidecars
            .SelectMany(service => service.Hosts.Select(host => (Host: mesh.FullHost(host, service.Namespace), Service: service)))
            .ToLookup(pair => pair.Host, pair => pair.Service, StringComparer.Ordinal);
        var scopes = forSidecars.ToDictionary(service => service, Scopes, (IEqualityComparer<VirtualService>)ReferenceEqualityComparer.Instance);
        // Where all are seen everywhere, patterns are in nobody's way: the most specific host counts.
        string[] hosts = forSidecars.Any(service => !scopes[service].Contains("*")) ? byHost.Select(group => group.Key).ToArray() : [];
        var wildcards = Array.FindAll(hosts, HostName.IsWildcard);
        foreach (var service in forSidecars)
        {
            foreach (var host in service.Hosts.Select(host => mesh.FullHost(host, service.Namespace)).Distinct(StringComparer.Ordinal))
            {
                var others = byHost[host].Where(other => !ReferenceEquals(other, service) && SeenTogether(scopes[service], scopes[other]))
                    .Concat(Overlapping(host, scopes[service].Contains("*")))
                    .Distinct()
                    .Take(ShownNames + 1)
                    .ToArray();
                if (others.Length == 0)
                    continue;
                var names = MeshIndex.Shown(Array.ConvertAll(others, other => other.Key), ShownNames);
                yield return MeshFindings.HostTwice.At(service.ToString(), names, host);
                break;
            }
        }

        // Hosts that a pattern has in common: of one that is public and one that some namespaces see only, who sees both may get either.
        IEnumerable<VirtualService> Overlapping(string host, bool isPublic) => (HostName.IsWildcard(host) ? hosts : wildcards)
            .Where(other => other != host && HostName.Matches(host, other))
            .SelectMany(other => byHost[other])
            .Where(other => scopes[other].Contains("*") != isPublic);
    }

    private static bool SeenTogether(HashSet<string> left, HashSet<string> right) => left.Contains("*") || right.Contains("*") || left.Overlaps(right);

    private static HashSet<string> Scopes(VirtualService service) =>
        service.ExportTo.Count == 0 ? ["*"] : service.ExportTo.Select(scope => scope == "." ? service.Namespace : scope).ToHashSet(StringComparer.Ordinal);
}
