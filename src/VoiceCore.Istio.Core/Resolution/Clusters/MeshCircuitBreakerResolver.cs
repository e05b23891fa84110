using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The circuit breakers that clients really have, and whether they can work.
/// Source: pilot/pkg/networking/core/cluster_traffic_policy.go; Envoy's changelog 1.28.0 for the limit of ejections.
/// </summary>
public sealed class MeshCircuitBreakerResolver
{
    // Envoy's own values where Istio says nothing.
    private const int DefaultConsecutiveErrors = 5;
    private const int DefaultMaxEjectionPercent = 10;
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultEjectionTime = TimeSpan.FromSeconds(30);

    private readonly MeshResolution _mesh;
    private readonly ClientGroups _clients;
    private readonly MeshDefinition? _definition;

    /// <summary>Prepares a snapshot. <paramref name="definition"/> says what is wanted; null where nothing is known of that.</summary>
    public MeshCircuitBreakerResolver(MeshSnapshot snapshot, MeshDefinition? definition)
    {
        _mesh = new MeshResolution(snapshot);
        _definition = definition;
        _clients = new ClientGroups(_mesh);
    }

    /// <summary>One circuit breaker for each port of a service, or several where clients differ. Clients that do not know the service have none.</summary>
    public IEnumerable<MeshCircuitBreaker> Resolve(ServiceRecord record, Func<MeshClient, bool>? isClient = null) =>
        Resolve(_mesh.Registry.Find(HostName.Of(record, _mesh.Snapshot.ClusterDomain))!, isClient);

    /// <summary>The same for a host of a ServiceEntry.</summary>
    public IEnumerable<MeshCircuitBreaker> Resolve(ServiceHost host, Func<MeshClient, bool>? isClient = null) =>
        _mesh.Registry.Find(host) is { } service ? Resolve(service, isClient) : [];

    private IEnumerable<MeshCircuitBreaker> Resolve(RegisteredService service, Func<MeshClient, bool>? isClient)
    {
        var asked = isClient is null ? _clients.WithSidecar : _clients.Where(isClient);
        var rules = _clients.ByRule(service).ToArray();
        foreach (var port in service.Ports.Where(port => port.Protocol != PortProtocol.Udp))
        {
            var seeing = _clients.ThatSee(service, port) & asked;
            foreach (var group in rules.Select(item => (item.Rule, Clients: item.Clients & seeing)).Where(item => !item.Clients.IsEmpty)
                .GroupBy(item => (item.Rule?.First.Key, item.Rule?.Policy)).OrderBy(group => group.Min(item => item.Clients.First)))
            {
                var clients = group.SelectMany(item => item.Clients.Places()).Order().Select(place => _clients.Clients[place]).ToArray();
                yield return Judge(new OutboundCluster(_mesh, service, port, group.First().Rule, subset: null), clients);
            }
        }
    }

    private MeshCircuitBreaker Judge(OutboundCluster cluster, IReadOnlyList<MeshClient> clients)
    {
        var (service, port, rule) = (cluster.Service, cluster.Port, cluster.Rule);
        var (pool, outliers) = (cluster.Policy.ConnectionPool, cluster.Policy.OutlierDetection);
        var endpoints = port.Endpoints.Length;
        int? errors = outliers is null ? null : outliers.Consecutive5xxErrors ?? DefaultConsecutiveErrors;
        var percent = outliers is null ? null : (int?)(outliers.MaxEjectionPercent == 0 ? DefaultMaxEjectionPercent : outliers.MaxEjectionPercent);
        var isHttp = port.Protocol.HasRoutes();
        var breaker = new MeshCircuitBreaker(
            service.Namespace, service.Name, port.Number, clients.Select(client => client.Name).Distinct().ToArray(), clients.Sum(client => client.Pods.Count), rule?.First.Key,
            Set(pool?.MaxConnections), Set(pool?.MaxPendingRequests), Set(pool?.MaxRequests), Set(pool?.MaxRetries),
            errors, outliers is null ? null : outliers.Interval ?? DefaultInterval, outliers is null ? null : outliers.BaseEjectionTime ?? DefaultEjectionTime, percent,
            endpoints, CircuitBreakerState.NotConfigured, [], []);

        var reasons = new List<string>();
        var limits = breaker.MaxConnections is not null || (isHttp && (breaker.MaxRequests is not null || breaker.MaxPendingRequests is not null));
        if (isHttp && breaker.MaxConnections is not null && breaker.MaxRequests is null)
            reasons.Add("http2MaxRequests is not set: over HTTP/2 one connection carries any number of requests.");
        if (!isHttp && (breaker.MaxRequests is not null || breaker.MaxPendingRequests is not null))
            reasons.Add("The port is not HTTP: limits of requests do nothing.");
        var ejects = outliers is not null && CanEject(errors!.Value, outliers, percent!.Value, service is { HasKnownEndpoints: true, IsNodeLocal: false } ? endpoints : null, reasons);
        if (endpoints == 0 && service.HasKnownEndpoints)
            reasons.Add("No endpoint is ready.");
        if (rule is not null && pool is null && outliers is null)
            reasons.Add(rule.Subsets.Any(subset => subset.Policy is not null) ? "Only subsets have limits: they hold where a VirtualService routes to them." : "The rule gives neither limits nor outlier detection.");

        var state = pool is null && outliers is null ? CircuitBreakerState.NotConfigured
            : limits && ejects && reasons.Count == 0 ? CircuitBreakerState.Effective
            : limits || ejects ? CircuitBreakerState.Partial
            : CircuitBreakerState.Ineffective;
        if (state != CircuitBreakerState.NotConfigured && outliers is null)
            reasons.Add("There is no outlier detection: endpoints that fail are not left out.");
        if (state == CircuitBreakerState.Partial && reasons.Count == 0)
            reasons.Add("There are no limits of connections or requests.");
        return breaker with { State = state, Reasons = reasons, Deviations = Deviations(breaker).ToArray() };
    }

    // An endpoint goes only while 100 × (ejected + 1) ÷ endpoints is at most the percentage.
    private static bool CanEject(int errors, OutlierDetection outliers, int percent, int? endpoints, List<string> reasons)
    {
        if (errors == 0 && outliers.ConsecutiveGatewayErrors is not > 0)
        {
            reasons.Add("Outlier detection counts no errors: both consecutive5xxErrors and consecutiveGatewayErrors are off.");
            return false;
        }

        if (endpoints is not { } count)
            return percent > 0;
        if (count == 0 || 100 <= (long)percent * count)
            return count > 0;
        reasons.Add($"maxEjectionPercent {percent} never lets one of {count} endpoints go: {CircuitBreaker.SmallestUsefulEjectionPercent(count)} is needed.");
        return false;
    }

    private IEnumerable<string> Deviations(MeshCircuitBreaker breaker)
    {
        if (_definition is null || _definition.Namespace != breaker.Namespace || _definition.Services.FirstOrDefault(service => service.Name == breaker.Service) is not { CircuitBreaker: { } wanted } service)
            yield break;
        foreach (var (name, want, have) in new (string, object, object?)[]
        {
            ("maxConnections", wanted.MaxConnections, breaker.MaxConnections),
            ("http1MaxPendingRequests", wanted.MaxPendingRequests, breaker.MaxPendingRequests),
            ("http2MaxRequests", wanted.EffectiveMaxRequests, breaker.MaxRequests),
            ("consecutive5xxErrors", wanted.ConsecutiveErrors, breaker.ConsecutiveErrors),
            ("interval", wanted.Interval, breaker.Interval),
            ("baseEjectionTime", wanted.EjectionTime, breaker.EjectionTime),
            ("maxEjectionPercent", wanted.EffectiveMaxEjectionPercent(service.Replicas.Minimum), breaker.MaxEjectionPercent),
        })
        {
            if (!want.Equals(have))
                yield return $"{name}: {want} wanted, {have ?? "nothing"} configured";
        }
    }

    private static int? Set(int? value) => value is > 0 ? value : null;
}
