using System.Globalization;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Traffic;

/// <summary>
/// Finds how the HTTP routes of VirtualServices split their requests, with Envoy's own arithmetic.
/// Source: <c>applyHTTPRouteDestination</c> and <c>MirrorPercent</c> in pilot/pkg/networking/core/route/route.go.
/// </summary>
public sealed class TrafficSplitResolver
{
    private readonly MeshResolution _mesh;

    /// <summary>Prepares a snapshot.</summary>
    public TrafficSplitResolver(MeshSnapshot snapshot)
    {
        _mesh = new MeshResolution(snapshot);
    }

    /// <summary>A row for each HTTP route of the snapshot that forwards requests.</summary>
    public IEnumerable<MeshTrafficSplit> Resolve() => _mesh.Snapshot.VirtualServices.SelectMany(Resolve);

    /// <summary>A row for each HTTP route of a VirtualService that forwards requests. Redirects, direct responses and delegates forward none.</summary>
    public IEnumerable<MeshTrafficSplit> Resolve(VirtualService virtualService)
    {
        var owners = OwnersOf(virtualService);
        int? catchAll = null;
        for (var index = 0; index < virtualService.Http.Count; index++)
        {
            var route = virtualService.Http[index];
            if (route.Destinations.Count > 0)
                yield return Row(virtualService, index, route, owners, catchAll);
            if (route.Matches.Count == 0 || route.Matches.Any(match => ClientRoutes.TakesAll(match) && match.IsForEveryone))
                catchAll ??= index;
        }
    }

    /// <summary>The tools that keep a VirtualService: those whose marks it carries, and those that name it.</summary>
    internal IReadOnlyList<ManagingTool> OwnersOf(VirtualService virtualService) =>
        virtualService.Tools
            .Concat(_mesh.Snapshot.TrafficControllers.Where(controller => controller.VirtualServices.Contains(virtualService.Key)).Select(controller => controller.Tool))
            .Distinct().Order().ToArray();

    /// <summary>The subsets that callers in a namespace can be sent to; null where no DestinationRule holds for the host.</summary>
    internal EffectiveRule? RuleOf(string @namespace, string host) =>
        _mesh.DestinationRules.Resolve(@namespace, LabelSet.Empty, host, _mesh.Registry.Find(host)?.Namespace ?? @namespace);

    private MeshTrafficSplit Row(VirtualService virtualService, int index, HttpRoute route, IReadOnlyList<ManagingTool> owners, int? catchAll)
    {
        var shares = route.Destinations.Zip(RouteShare.Percents(route.Destinations.Select(destination => destination.Weight)), (destination, percent) =>
        {
            var host = Complete(destination, virtualService);
            return new TrafficShare(host, destination.Subset, destination.Port, destination.Weight, percent, ReadyEndpoints(virtualService.Namespace, host, destination.Subset, destination.Port));
        }).ToArray();
        var mirrors = route.Mirrors.Select(mirror =>
        {
            var host = Complete(mirror.Destination, virtualService);
            return new TrafficMirror(host, mirror.Destination.Subset, mirror.Percent ?? 100, ReadyEndpoints(virtualService.Namespace, host, mirror.Destination.Subset, mirror.Destination.Port));
        }).ToArray();

        var service = _mesh.Registry.Find(shares[0].Host);
        return new MeshTrafficSplit
        {
            Namespace = virtualService.Namespace,
            VirtualService = virtualService.Name,
            Service = service?.Namespace == virtualService.Namespace ? service.Name : shares[0].Host,
            Hosts = virtualService.Hosts,
            Gateways = virtualService.Gateways,
            Route = index,
            RouteName = route.Name,
            Match = RouteMatchText.Of(route.Matches),
            Headers = RouteMatchText.Headers(route.Matches),
            Shares = shares,
            Mirrors = mirrors,
            Owners = owners,
            Managers = virtualService.Managers,
            Warnings = Warnings(virtualService.Namespace, shares, mirrors, catchAll).ToArray(),
        };
    }

    private IEnumerable<string> Warnings(string @namespace, TrafficShare[] shares, TrafficMirror[] mirrors, int? catchAll)
    {
        if (catchAll is { } earlier)
            yield return string.Create(CultureInfo.InvariantCulture, $"No request comes here: route {earlier} takes every request.");
        foreach (var share in shares.Where(share => share.Percent > 0))
        {
            if (IsUnknown(@namespace, share.Host, share.Subset))
                yield return $"{share}: no DestinationRule defines subset {share.Subset}, so its requests fail with 503.";
            else if (share.ReadyEndpoints == 0)
                yield return $"{share}: no endpoint is ready, so its requests fail with 503.";
        }

        foreach (var mirror in mirrors.Where(mirror => mirror.Percent > 0 && (IsUnknown(@namespace, mirror.Host, mirror.Subset) || mirror.ReadyEndpoints == 0)))
            yield return $"Mirror {mirror}: no endpoint is ready, so the copies are lost.";
    }

    private bool IsUnknown(string @namespace, string host, string subset) =>
        subset.Length > 0 && RuleOf(@namespace, host)?.Subsets.Any(known => known.Name == subset) != true;

    private int? ReadyEndpoints(string @namespace, string host, string subset, int port)
    {
        if (_mesh.Registry.Find(host) is not { } service)
            return null;
        var labels = LabelSet.Empty;
        if (subset.Length > 0)
        {
            if (RuleOf(@namespace, host)?.Subsets.FirstOrDefault(known => known.Name == subset) is not { } known)
                return 0;
            labels = known.Labels;
        }

        return service.Ports.Where(one => port == 0 || one.Number == port)
            .SelectMany(one => one.Endpoints)
            .Where(endpoint => (endpoint.Pod?.Labels ?? LabelSet.Empty).Matches(labels))
            .Select(endpoint => endpoint.Address).Distinct().Count();
    }

    private string Complete(RouteDestination destination, VirtualService virtualService) =>
        HostName.Complete(destination.Host, virtualService.Namespace, _mesh.Snapshot.ClusterDomain);
}
