using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Hosts, subsets, gateways and namespaces that nothing answers to. Sources: Istio's analyzers of destination rules and virtual services
/// (pkg/config/analysis/analyzers), and Kiali's exportTo checker (business/checkers/common).
/// </summary>
internal sealed class ReferenceRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh) =>
        mesh.Snapshot.DestinationRules.SelectMany(rule => OfRule(mesh, rule))
            .Concat(mesh.Snapshot.VirtualServices.SelectMany(service => OfRoutes(mesh, service)))
            .Concat(mesh.Snapshot.ServiceEntries.SelectMany(entry => OfExport(mesh, entry, entry.ExportTo)));

    private static IEnumerable<Finding> OfRule(MeshIndex mesh, DestinationRule rule)
    {
        foreach (var finding in OfExport(mesh, rule, rule.ExportTo))
            yield return finding;
        if (!mesh.HostExists(rule.Host, rule.Namespace))
        {
            yield return MeshFindings.RuleHostUnknown.At(rule.ToString(), rule.Host);
            yield break;
        }

        if (mesh.Service(rule.Host, rule.Namespace) is not { Selector.Count: > 0 } service)
            yield break;
        foreach (var subset in rule.Subsets)
        {
            if (subset.Labels.Count > 0 && !subset.Labels.Any(IsTopology) && !mesh.PodsOf(service).Any(pod => pod.Labels.Matches(subset.Labels)))
                yield return MeshFindings.SubsetWithoutPods.At(rule.ToString(), subset.Name, subset.Labels);
        }
    }

    // istiod adds these to the labels of endpoints, from the node; a snapshot does not know them.
    private static bool IsTopology(KeyValuePair<string, string> label) =>
        label.Key.StartsWith("topology.", StringComparison.Ordinal) || label.Key == "kubernetes.io/hostname";

    private static IEnumerable<Finding> OfRoutes(MeshIndex mesh, VirtualService service)
    {
        foreach (var finding in OfExport(mesh, service, service.ExportTo))
            yield return finding;
        var http = service.Http.SelectMany(route => route.Destinations.Concat(route.Mirrors.Select(mirror => mirror.Destination)));
        foreach (var target in http.Concat(service.Tcp).Concat(service.Tls).Where(target => target.Host.Length > 0).DistinctBy(target => (target.Host, target.Subset)))
        {
            if (!mesh.HostExists(target.Host, service.Namespace))
                yield return MeshFindings.RouteHostUnknown.At(service.ToString(), target.Host);
            else if (target.Subset.Length > 0 && !HasSubset(mesh, service, target))
                yield return MeshFindings.RouteSubsetUnknown.At(service.ToString(), target.Host, target.Subset);
        }

        var gateways = service.Gateways.Concat(service.Http.SelectMany(route => route.Matches).SelectMany(match => match.Gateways));
        foreach (var gateway in gateways.Where(name => name != IstioNames.MeshGateway).Distinct(StringComparer.Ordinal))
        {
            var (ns, name) = gateway.Split('/', 2) is [var given, var rest] ? (given, rest) : (service.Namespace, gateway);
            if (!mesh.Snapshot.Gateways.Any(known => known.Namespace == ns && known.Name == name))
                yield return MeshFindings.GatewayUnknown.At(service.ToString(), gateway);
        }
    }

    private static bool HasSubset(MeshIndex mesh, VirtualService service, RouteDestination target)
    {
        var host = mesh.FullHost(target.Host, service.Namespace);
        return mesh.Snapshot.DestinationRules.Any(rule =>
            Covers(mesh.FullHost(rule.Host, rule.Namespace), host) && rule.Subsets.Any(subset => subset.Name == target.Subset));
    }

    private static bool Covers(string pattern, string host) =>
        pattern.StartsWith('*') ? host.EndsWith(pattern[1..], StringComparison.Ordinal) : pattern == host;

    private static IEnumerable<Finding> OfExport(MeshIndex mesh, IstioObject item, IReadOnlyList<string> exportTo) =>
        mesh.Snapshot.Namespaces.Count == 0
            ? []
            : exportTo
                .Where(name => name is not ("." or "*" or "~") && !mesh.Snapshot.Namespaces.Any(known => known.Name == name))
                .Select(name => MeshFindings.ExportNamespaceUnknown.At(item.ToString(), name));
}
