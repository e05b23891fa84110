using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The time-outs and retries that clients really have, route by route. Source: pilot/pkg/networking/core/route/route.go and retry/retry.go;
/// Envoy's documentation of the router filter for the waits between tries.
/// </summary>
public sealed class MeshTimeoutResolver
{
    private readonly MeshResolution _mesh;
    private readonly RouteClients _clients;
    private readonly bool _isForAll;

    /// <summary>Prepares a snapshot. Clients are those with a sidecar that <paramref name="isClient"/> takes; all by default.</summary>
    public MeshTimeoutResolver(MeshSnapshot snapshot, Func<MeshClient, bool>? isClient = null)
    {
        _mesh = new MeshResolution(snapshot);
        _clients = new RouteClients(_mesh, isClient);
        _isForAll = isClient is null;
    }

    /// <summary>
    /// The routes of each HTTP port of a service, in order, or several lists of them where clients differ. A mesh without clients is
    /// answered for a client in the service's namespace.
    /// </summary>
    public IEnumerable<MeshTimeout> Resolve(ServiceRecord record) => Resolve(_mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!);

    /// <summary>The same for a host of a ServiceEntry.</summary>
    public IEnumerable<MeshTimeout> Resolve(ServiceHost host) => _mesh.Registry.Find(host) is { } service ? Resolve(service) : [];

    private IEnumerable<MeshTimeout> Resolve(RegisteredService service)
    {
        foreach (var port in service.Ports.Where(port => port.Protocol.HasRoutes()))
        {
            foreach (var (rows, clients) in Cases(service, port))
            {
                foreach (var row in rows)
                    yield return row with { Clients = clients };
            }
        }
    }

    private IEnumerable<(MeshTimeout[] Rows, IReadOnlyList<string> Clients)> Cases(RegisteredService service, RegisteredPort port)
    {
        if (_clients.Views.Count == 0 && _isForAll)
        {
            var routes = new ClientRoutes(_mesh.Snapshot.Mesh, _mesh.Scopes.Of(service.Namespace, LabelSet.Empty), LabelSet.Empty);
            return [(Rows(service, port, routes), [])];
        }

        var classes = _clients.Views.SelectMany(view => view.Classes(service, port)).ToArray();
        return classes.Length == 1
            ? [(Rows(service, port, classes[0].Routes), classes[0].Names)]
            : classes.Select(item => (Class: item, Rows: Rows(service, port, item.Routes)))
                .GroupBy(item => string.Join('\n', item.Rows.Select(Content)))
                .Select(group => (group.First().Rows, _clients.Names([.. group.Select(item => item.Class)])));
    }

    private MeshTimeout[] Rows(RegisteredService service, RegisteredPort port, ClientRoutes routes) =>
        (routes.Of(service, port) ?? []).Select((route, index) => Row(service, port, route, index + 1, routes.Scope)).ToArray();

    private MeshTimeout Row(RegisteredService service, RegisteredPort port, OutboundRoute route, int place, ClientScope scope)
    {
        var retries = route.Retries;
        TimeSpan? timeout = route.Timeout > TimeSpan.Zero ? route.Timeout : null;
        var tries = TriesTogether(retries);
        MeshRouteDestination Destination(RouteCluster cluster, double percent) =>
            new(cluster.Host, cluster.Port, cluster.Subset.Length > 0 ? cluster.Subset : null, percent, IsKnown(cluster, scope));
        var destinations = route.Clusters.Zip(RouteShare.Percents(route.Clusters.Select(cluster => cluster.Weight)), Destination).ToArray();
        var mirrors = route.Mirrors.Select(mirror => Destination(mirror.Cluster, mirror.Percent ?? 100)).ToArray();
        return new MeshTimeout(
            service.Namespace, service.Name, port.Number, place, RouteMatchText.Of(route.Match), [], route.VirtualService?.Key,
            route.Written switch
            {
                { IsRedirect: true } => RouteAction.Redirect,
                { IsDirectResponse: true } => RouteAction.DirectResponse,
                _ => RouteAction.Forward,
            },
            destinations,
            mirrors,
            timeout,
            route.Written?.Timeout is null ? SettingOrigin.IstioDefault : SettingOrigin.VirtualService,
            retries?.Count ?? 0,
            retries?.PerTryTimeout,
            retries is null ? [] : Conditions(retries),
            route.Written?.Retries is not null ? SettingOrigin.VirtualService : _mesh.Snapshot.Mesh.DefaultHttpRetryPolicy is null ? SettingOrigin.IstioDefault : SettingOrigin.MeshConfig,
            tries is null ? timeout : timeout is null || tries < timeout ? tries : timeout,
            [.. MeshTimeoutText.Reasons(timeout, retries, tries, destinations, mirrors)]);
    }

    // All tries at their full time with the longest waits between them; null where one try may take any time.
    private static TimeSpan? TriesTogether(RouteRetries? retries)
    {
        if (retries?.PerTryTimeout is not { } perTry || perTry <= TimeSpan.Zero)
            return null;
        var seconds = (perTry.TotalSeconds * (retries.Count + 1.0)) + retries.LongestBackOff.TotalSeconds;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private static string[] Conditions(RouteRetries retries) =>
        [.. retries.RetryOn.Split(',', StringSplitOptions.RemoveEmptyEntries), .. retries.StatusCodes.Select(code => code.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private bool IsKnown(RouteCluster cluster, ClientScope scope) =>
        _mesh.Registry.Destination(cluster.Host, scope.Namespace) is { } service && service.Port(cluster.Port) is { } port && scope.Sees(service, port);

    // What a person sees of a route: clients for whom all of it is the same need no rows of their own.
    private static string Content(MeshTimeout row) => string.Join(
        '\t', row.Match, row.VirtualService, row.Action, string.Join(' ', row.Destinations), string.Join(' ', row.Mirrors), row.Timeout, row.Attempts,
        row.PerTryTimeout, string.Join(' ', row.RetryOn), string.Join(' ', row.Reasons));
}
