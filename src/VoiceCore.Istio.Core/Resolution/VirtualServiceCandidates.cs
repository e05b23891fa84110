using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Says of every VirtualService that could route a client's calls to a service what becomes of it. The choice is that of
/// <see cref="VirtualServiceIndex"/>, <see cref="ClientScopes"/> and <see cref="ClientRoutes"/>.
/// </summary>
internal sealed class VirtualServiceCandidates
{
    private readonly MeshResolution _mesh;
    private readonly VirtualServiceDelegates _delegates;
    private readonly ILookup<string, VirtualService> _byNamespace;
    private readonly HostIndex<List<VirtualService>> _byHost = new();

    internal VirtualServiceCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        _delegates = new VirtualServiceDelegates(mesh.Snapshot);
        _byNamespace = mesh.Snapshot.VirtualServices.ToLookup(record => record.Namespace);
        foreach (var host in mesh.Snapshot.VirtualServices.SelectMany(record => Hosts(record).Distinct().Select(host => (Host: host, Record: record))).GroupBy(pair => pair.Host, pair => pair.Record))
            _byHost.Add(host.Key, [.. host]);
    }

    /// <summary>The clients that conditions of VirtualServices for the service tell apart by their labels.</summary>
    internal IEnumerable<MeshClient> Divide(MeshClient client, RegisteredService service)
    {
        var selectors = _byHost.All(service.Host).SelectMany(list => list).SelectMany(record => record.Http.Concat(record.Http.Select(route => _delegates.Find(record, route)).OfType<VirtualService>().SelectMany(target => target.Http)))
            .SelectMany(route => route.Matches).Select(match => match.SourceLabels).Where(labels => labels.Count > 0).Distinct().ToArray();
        return selectors.Length == 0
            ? [client]
            : client.Pods.GroupBy(pod => string.Concat(selectors.Select(selector => pod.Labels.Matches(selector) ? '1' : '0')))
                .Select(group => new MeshClient(client.Namespace, group.First().Labels, client.HasSidecar, group.ToArray()));
    }

    internal IEnumerable<PolicyJudgement> Of(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var unused = ClientView.WhyUnused(_mesh, client, service, port);
        var ranking = unused is null ? new VirtualServiceRanking(_mesh, client, service, port) : null;
        var seen = _mesh.VirtualServices.VisibleTo(client.Namespace, inNamespaces: null).Select(item => item.Record.Key).ToHashSet();
        return new[] { client.Namespace, service.Namespace }.Distinct().SelectMany(name => _byNamespace[name])
            .Concat(_byHost.All(service.Host).SelectMany(list => list))
            .DistinctBy(record => record.Key)
            .OrderBy(record => record.Namespace, StringComparer.Ordinal).ThenBy(record => record.Name, StringComparer.Ordinal)
            .Select(record => Judge(record, client, service, seen, unused, ranking));
    }

    private PolicyJudgement Judge(
        VirtualService record, MeshClient client, RegisteredService service, HashSet<string> seen, PolicyRejection? unused, VirtualServiceRanking? ranking)
    {
        var hosts = Hosts(record);
        if (hosts.Length == 0)
        {
            return ranking?.Chosen is { } root && root.Http.Any(route => ReferenceEquals(_delegates.Find(root, route), record))
                ? new(record, PolicyCause.Merged, $"{root.Key} delegates a route to it.", "routes of a delegate")
                : new(record, PolicyCause.Ignored, "It has no hosts: it only counts where the VirtualService that routes delegates to it.");
        }

        if (!Array.Exists(hosts, host => HostName.Matches(service.Host, host)))
            return new(record, PolicyCause.HostDiffers, $"{(hosts.Length == 1 ? $"Its host {hosts[0]} is not" : $"None of its hosts {string.Join(", ", hosts)} is")} {service.Host}.");
        if (record.Gateways.Count > 0 && !record.Gateways.Contains(IstioNames.MeshGateway))
            return new(record, PolicyCause.Ignored, $"Its gateways ({string.Join(", ", record.Gateways)}) leave out {IstioNames.MeshGateway}: it is not for sidecars.");
        if (unused is not null)
            return new(record, unused.Cause, unused.Reason);
        if (!seen.Contains(record.Key))
            return new(record, PolicyCause.NotExported, $"Its exportTo ({string.Join(", ", record.ExportTo.DefaultIfEmpty("the mesh's default"))}) leaves out the client's namespace {client.Namespace}.");
        return ranking!.WhyNot(record) is { } rejection
            ? new(record, rejection.Cause, rejection.Reason)
            : new(record, PolicyCause.Applies, "Of the VirtualServices for this host that the client sees it is the first with a route.", ranking.Effect);
    }

    private string[] Hosts(VirtualService record) => [.. record.Hosts.Select(host => HostName.Complete(host, record.Namespace, _mesh.Snapshot.ClusterDomain))];
}
