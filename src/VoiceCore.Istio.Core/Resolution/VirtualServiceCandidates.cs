using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Says of every VirtualService that could route a client's calls to a service what becomes of it. Which are seen, and in which order they
/// count, is said by <see cref="VirtualServiceIndex"/> and <see cref="ClientScopes"/>.
/// Source: <c>BuildSidecarVirtualHostWrapper</c> in pilot/pkg/networking/core/route/route.go, <c>computeWildcardHostVirtualServiceIndex</c> in
/// pilot/pkg/model/sidecar.go.
/// </summary>
internal sealed class VirtualServiceCandidates
{
    private readonly MeshResolution _mesh;
    private readonly ILookup<string, MeshVirtualService> _byNamespace;
    private readonly HostIndex<List<MeshVirtualService>> _byHost = new();

    internal VirtualServiceCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        var all = mesh.Snapshot.VirtualServices.Select(record => new MeshVirtualService(record, mesh.Snapshot.ClusterDomain)).ToArray();
        _byNamespace = all.ToLookup(item => item.Record.Namespace);
        foreach (var host in all.SelectMany(item => item.Hosts.Distinct().Select(host => (Host: host, Item: item))).GroupBy(pair => pair.Host, pair => pair.Item))
            _byHost.Add(host.Key, [.. host]);
    }

    internal IEnumerable<PolicyJudgement> Of(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var unused = ClientView.WhyUnused(_mesh, client, service, port);
        var ranking = unused is null ? new VirtualServiceRanking(_mesh, client, service, port) : null;
        return new[] { client.Namespace, service.Namespace }.Distinct().SelectMany(name => _byNamespace[name])
            .Concat(_byHost.All(service.Host).SelectMany(list => list))
            .DistinctBy(item => item.Record.Key)
            .OrderBy(item => item.Record.Namespace, StringComparer.Ordinal).ThenBy(item => item.Record.Name, StringComparer.Ordinal)
            .Select(item => Judge(item, client, service, port, unused, ranking))
            .ToArray();
    }

    private PolicyJudgement Judge(
        MeshVirtualService item, MeshClient client, RegisteredService service, RegisteredPort port, PolicyRejection? unused, VirtualServiceRanking? ranking)
    {
        var record = item.Record;
        if (item.Hosts.Length == 0)
            return ranking?.Chosen is { } root && IsDelegateOf(record, root.Record)
                ? new(record, PolicyCause.Merged, $"{root.Record.Key} delegates a route to it.", Effect(record, client, port))
                : new(record, PolicyCause.Ignored, "It has no hosts: it only counts where another VirtualService delegates to it.");
        if (!Array.Exists(item.Hosts, host => HostName.Matches(service.Host, host)))
            return new(record, PolicyCause.HostDiffers, $"{(item.Hosts.Length == 1 ? "Its host" : "None of its hosts")} {string.Join(", ", item.Hosts)} is {(item.Hosts.Length == 1 ? "not " : "")}{service.Host}.");
        if (record.Gateways.Count > 0 && !record.Gateways.Contains(IstioNames.MeshGateway))
            return new(record, PolicyCause.Ignored, $"Its gateways ({string.Join(", ", record.Gateways)}) leave out {IstioNames.MeshGateway}: it is not for sidecars.");
        if (unused is not null)
            return new(record, unused.Cause, unused.Reason);
        if (!_mesh.VirtualServices.VisibleTo(client.Namespace).Any(seen => ReferenceEquals(seen.Record, record)))
            return new(record, PolicyCause.NotExported, $"Its exportTo ({string.Join(", ", record.ExportTo.DefaultIfEmpty("the mesh's default"))}) leaves out the client's namespace {client.Namespace}.");
        if (ranking!.WhyNot(record) is { } rejection)
            return new(record, rejection.Cause, rejection.Reason);
        return new(record, PolicyCause.Applies, $"Of the VirtualServices for {ranking.Host} that the client sees, it is the first.", Effect(record, client, port));
    }

    private static bool IsDelegateOf(VirtualService record, VirtualService root) => root.Http.Any(route =>
        route.Delegate is { } target && target.Name == record.Name && (target.Namespace.Length == 0 ? root.Namespace : target.Namespace) == record.Namespace);

    private static string Effect(VirtualService record, MeshClient client, RegisteredPort port)
    {
        if (!port.Protocol.HasRoutes())
            return "TCP routes";
        var used = record.Http.Count(route => VirtualServiceRanking.IsFor(route, client, port.Number));
        return $"{(used == record.Http.Count ? $"{used}" : $"{used} of {record.Http.Count}")} HTTP {(record.Http.Count == 1 ? "route" : "routes")}";
    }
}
