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
    private readonly PolicyHosts<VirtualService> _hosts;
    private readonly Dictionary<string, HashSet<VirtualService>> _visible = new(StringComparer.Ordinal);

    internal VirtualServiceCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        _delegates = new VirtualServiceDelegates(mesh.Snapshot);
        _hosts = new(mesh, mesh.Snapshot.VirtualServices, record => record.Hosts);
    }

    /// <summary>The clients that conditions of VirtualServices for the service tell apart by their labels.</summary>
    internal IEnumerable<MeshClient> Divide(MeshClient client, RegisteredService service)
    {
        var selectors = _hosts.For(service.Host).SelectMany(record => record.Http.Concat(Delegates(record).SelectMany(target => target.Http)))
            .SelectMany(route => route.Matches).Select(match => match.SourceLabels).Where(labels => labels.Count > 0).Distinct().ToArray();
        return selectors.Length == 0
            ? [client]
            : client.Pods.GroupBy(pod => string.Concat(selectors.Select(selector => pod.Labels.Matches(selector) ? '1' : '0')))
                .Select(group => new MeshClient(client.Namespace, group.First().Labels, client.HasSidecar, group.ToArray()) { IsGateway = client.IsGateway });
    }

    internal IEnumerable<PolicyJudgement> Of(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var unused = client.IsGateway
            ? new PolicyRejection(PolicyCause.NoSidecar, "The client is a gateway: it carries out VirtualServices for its Gateways.")
            : ClientView.WhyUnused(_mesh, client, service, port);
        var ranking = unused is null ? new VirtualServiceRanking(_mesh, client, service, port) : null;
        var candidates = _hosts.Candidates(service.Host, client.Namespace, service.Namespace);
        return candidates.Select(record => Judge(record, client, service, unused, ranking))
            .Concat(_hosts.For(service.Host).SelectMany(Delegates).Distinct().Select(record => JudgeDelegate(record, ranking?.Chosen)));
    }

    private IEnumerable<VirtualService> Delegates(VirtualService root) => root.Http.Select(route => _delegates.Find(root, route)).OfType<VirtualService>();

    private PolicyJudgement JudgeDelegate(VirtualService record, VirtualService? chosen) => chosen is not null && Delegates(chosen).Contains(record)
        ? new(record, PolicyCause.Merged, $"{chosen.Key} delegates a route to it.", "routes of a delegate")
        : new(record, PolicyCause.Ignored, "It has no hosts: it only counts where the VirtualService that routes delegates to it.");

    private PolicyJudgement Judge(VirtualService record, MeshClient client, RegisteredService service, PolicyRejection? unused, VirtualServiceRanking? ranking)
    {
        string[] hosts = [.. record.Hosts.Select(host => HostName.Complete(host, record.Namespace, _mesh.Snapshot.ClusterDomain))];
        if (!Array.Exists(hosts, host => HostName.Matches(service.Host, host)))
            return new(record, PolicyCause.HostDiffers, $"{(hosts.Length == 1 ? $"Its host {hosts[0]} is not" : $"None of its hosts {string.Join(", ", hosts)} is")} {service.Host}.");
        if (client.IsGateway)
            return new(record, unused!.Cause, unused.Reason);
        if (record.Gateways.Count > 0 && !record.Gateways.Contains(IstioNames.MeshGateway))
            return new(record, PolicyCause.Ignored, $"Its gateways ({string.Join(", ", record.Gateways)}) leave out {IstioNames.MeshGateway}: it is not for sidecars.");
        if (unused is not null)
            return new(record, unused.Cause, unused.Reason);
        if (!IsVisible(record, client.Namespace))
            return new(record, PolicyCause.NotExported, $"Its exportTo ({string.Join(", ", record.ExportTo.DefaultIfEmpty("the mesh's default"))}) leaves out the client's namespace {client.Namespace}.");
        return ranking!.WhyNot(record) is { } rejection
            ? new(record, rejection.Cause, rejection.Reason)
            : new(record, PolicyCause.Applies, "Of the VirtualServices for this host that the client sees it is the first with a route.", ranking.Effect);
    }

    private bool IsVisible(VirtualService record, string @namespace)
    {
        if (!_visible.TryGetValue(@namespace, out var visible))
            _visible.Add(@namespace, visible = _mesh.VirtualServices.VisibleTo(@namespace, inNamespaces: null).Select(item => item.Record).ToHashSet<VirtualService>(ReferenceEqualityComparer.Instance));
        return visible.Contains(record);
    }
}
