using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>
/// Hosts, ports, subsets and namespaces that nothing answers to. Sources: Istio's analyzers of destination rules and virtual services
/// (pkg/config/analysis/analyzers), and Kiali's checkers exportTo, no destination and subset presence (business/checkers).
/// </summary>
internal sealed class ReferenceRule : IMeshRule
{
    public IEnumerable<Finding> Check(MeshIndex mesh)
    {
        var subsets = new HostIndex<HashSet<string>>();
        foreach (var rule in mesh.Snapshot.DestinationRules)
        {
            var host = Loosely(mesh, rule.Host, rule.Namespace);
            if (subsets.Exactly(host) is not { } names)
                subsets.Add(host, names = new(StringComparer.Ordinal));
            names.UnionWith(rule.Subsets.Select(subset => subset.Name));
        }

        var routed = mesh.Snapshot.VirtualServices
            .SelectMany(service => Targets(service).Where(target => target.Subset.Length > 0).Select(target => (Loosely(mesh, target.Host, service.Namespace), target.Subset)))
            .ToHashSet();
        return mesh.Snapshot.DestinationRules.SelectMany(rule => OfRule(mesh, rule, routed))
            .Concat(mesh.Snapshot.VirtualServices.SelectMany(service => OfRoutes(mesh, service, subsets)))
            .Concat(mesh.Snapshot.ServiceEntries.SelectMany(entry => OfExport(mesh, entry, entry.ExportTo)));
    }

    private static IEnumerable<RouteDestination> Targets(VirtualService service) => service.Http
        .SelectMany(route => route.Destinations.Concat(route.Mirrors.Select(mirror => mirror.Destination)))
        .Concat(service.Connections)
        .Where(target => target.Host.Length > 0);

    private static IEnumerable<Finding> OfRule(MeshIndex mesh, DestinationRule rule, HashSet<(string Host, string Subset)> routed)
    {
        foreach (var finding in OfExport(mesh, rule, rule.ExportTo))
            yield return finding;
        if (!mesh.HostExists(rule.Host, rule.Namespace, rule.ExportTo))
        {
            yield return MeshIndex.Unless(
                mesh.KnowsHost(rule.Host, rule.Namespace), "service of that namespace", MeshFindings.RuleHostUnknown.At(rule.ToString(), rule.Host));
            yield break;
        }

        foreach (var subset in rule.Subsets.Where(subset => subset.Labels.Count == 0))
            yield return RouteFindings.SubsetWithoutLabels.At(rule.ToString(), subset.Name);
        if (Endpoints(mesh, rule) is not { } workloads)
            yield break;
        foreach (var subset in rule.Subsets.Where(subset => subset.Labels.Count > 0 && !subset.Labels.Any(IsTopology)))
        {
            if (!workloads.Any(labels => labels.Matches(subset.Labels)))
            {
                var finding = MeshFindings.SubsetWithoutPods.At(rule.ToString(), subset.Name, subset.Labels);
                // A version that is yet to come harms nobody.
                if (!routed.Contains((Loosely(mesh, rule.Host, rule.Namespace), subset.Name)))
                    finding = finding with { Severity = FindingSeverity.Info, Message = $"{finding.Message} No route leads to it." };
                yield return MeshIndex.Unless(mesh.Snapshot.IsComplete || workloads.Count > 0, "pod of the service", finding);
            }
        }
    }

    // The labels of what a rule's host leads to; null where they are not told here: no selector, or addresses that are the caller's own.
    private static List<LabelSet>? Endpoints(MeshIndex mesh, DestinationRule rule)
    {
        if (mesh.Service(rule.Host, rule.Namespace) is { } service)
            return service.Selector.Count == 0 ? null : mesh.WorkloadsOf(service).Select(pod => pod.Labels).Distinct().ToList();
        var entries = mesh.Entries(rule.Host, rule.Namespace).ToArray();
        if (entries.Length == 0 || Array.Exists(entries, entry => HasNoEndpoints(entry) && !IsLookedUp(entry)))
            return null;
        return entries
            .SelectMany(entry => HasNoEndpoints(entry) ? [LabelSet.Empty] : entry.Endpoints.Select(endpoint => endpoint.Labels).Concat(entry.WorkloadSelector is { } selector
                ? mesh.WorkloadsWith(entry.Namespace, selector).Select(pod => pod.Labels)
                    .Concat(mesh.Snapshot.WorkloadEntries.Where(item => item.Namespace == entry.Namespace && item.Workload.Labels.Matches(selector)).Select(item => item.Workload.Labels))
                : []))
            .Distinct()
            .ToList();
    }

    private static bool HasNoEndpoints(ServiceEntry entry) => entry is { Endpoints.Count: 0, WorkloadSelector: null };

    // The host itself is the endpoint then, one without labels (convertServiceEntryToInstances in pilot/pkg/serviceregistry/serviceentry/conversion.go).
    private static bool IsLookedUp(ServiceEntry entry) => entry.Resolution is "DNS" or "DNS_ROUND_ROBIN";

    // istiod adds these to the labels of endpoints, from the node, where it has a value; a snapshot does not know them.
    private static bool IsTopology(KeyValuePair<string, string> label) =>
        label.Value.Length > 0 && (label.Key.StartsWith("topology.", StringComparison.Ordinal) || label.Key == "kubernetes.io/hostname");

    private static IEnumerable<Finding> OfRoutes(MeshIndex mesh, VirtualService service, HostIndex<HashSet<string>> subsets)
    {
        foreach (var finding in OfExport(mesh, service, service.ExportTo))
            yield return finding;
        var targets = Targets(service).ToArray();
        foreach (var finding in targets.DistinctBy(target => (target.Host, target.Port)).Select(target => OfTarget(mesh, service, target)).OfType<Finding>().Distinct())
            yield return finding;

        foreach (var target in targets.Where(target => target.Subset.Length > 0).DistinctBy(target => (target.Host, target.Subset)))
        {
            var host = Loosely(mesh, target.Host, service.Namespace);
            if (!subsets.All(host).Any(known => known.Contains(target.Subset)))
            {
                yield return MeshIndex.Unless(
                    mesh.Snapshot.IsComplete || subsets.Exactly(host) is not null,
                    "DestinationRule for it",
                    MeshFindings.RouteSubsetUnknown.At(service.ToString(), target.Host, target.Subset));
            }
        }
    }

    private static Finding? OfTarget(MeshIndex mesh, VirtualService service, RouteDestination target)
    {
        if (mesh.Ports(target.Host, service.Namespace, service.ExportTo) is not { } ports)
        {
            return target.Host.StartsWith('*')
                ? null
                : MeshIndex.Unless(
                    mesh.KnowsHost(target.Host, service.Namespace),
                    "service of that namespace, or ServiceEntry,",
                    MeshFindings.RouteHostUnknown.At(service.ToString(), target.Host));
        }

        var known = string.Join(", ", ports);
        if (target.Port == 0)
            return ports.Count > 1 ? RouteFindings.PortAmbiguous.At(service.ToString(), target.Host, known) : null;
        return ports.Contains(target.Port) ? null : RouteFindings.PortUnknown.At(service.ToString(), target.Host, target.Port, known);
    }

    // name.namespace is no host that Istio knows, which is said of the host; about its subset, what is meant counts.
    private static string Loosely(MeshIndex mesh, string host, string @namespace) => host.Split('.') switch
    {
        [var name, var owner] when owner == @namespace || mesh.Namespace(owner) is not null => $"{name}.{owner}.svc.{mesh.Snapshot.ClusterDomain}",
        [_, _, "svc"] => $"{host}.{mesh.Snapshot.ClusterDomain}",
        _ => mesh.FullHost(host, @namespace),
    };

    private static IEnumerable<Finding> OfExport(MeshIndex mesh, IstioObject item, IReadOnlyList<string> exportTo) =>
        mesh.Snapshot.Namespaces.Count == 0
            ? []
            : exportTo
                .Where(name => name is not ("." or "*" or "~") && mesh.Namespace(name) is null)
                .Select(name => MeshIndex.Unless(mesh.Snapshot.IsComplete, "such namespace", MeshFindings.ExportNamespaceUnknown.At(item.ToString(), name)));
}
