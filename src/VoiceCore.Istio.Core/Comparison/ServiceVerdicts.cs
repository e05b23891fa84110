using System.Globalization;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>The verdicts about services, each made when it is asked for.</summary>
internal static class ServiceVerdicts
{
    internal static VerdictSource MutualTls(MeshSnapshot snapshot)
    {
        var resolver = new MeshTlsResolver(snapshot);
        return Source(snapshot, service => resolver.Resolve(service).Select(verdict => new VerdictFact(
            Port(verdict.Port),
            verdict.Clients,
            verdict.Status == TlsStatus.NoEndpoints ? $"{verdict.Status}" : $"{verdict.Status} ({verdict.Sends} to {verdict.Server})",
            [
                ("Status", $"{verdict.Status}"),
                ("Sends", $"{verdict.Sends}"),
                ("Server", $"{verdict.Server}"),
                ("Outside", $"{verdict.Outside}"),
            ])));
    }

    internal static VerdictSource CircuitBreakers(MeshSnapshot snapshot)
    {
        var resolver = new MeshCircuitBreakerResolver(snapshot, definition: null);
        return Source(snapshot, service => resolver.Resolve(service).Select(breaker => Fact(
            Port(breaker.Port),
            breaker.Clients,
            $"{breaker.State}",
            ("State", $"{breaker.State}"),
            ("MaxConnections", Text(breaker.MaxConnections)),
            ("MaxPendingRequests", Text(breaker.MaxPendingRequests)),
            ("MaxRequests", Text(breaker.MaxRequests)),
            ("MaxRetries", Text(breaker.MaxRetries)),
            ("ConsecutiveErrors", Text(breaker.ConsecutiveErrors)),
            ("Interval", Text(breaker.Interval)),
            ("EjectionTime", Text(breaker.EjectionTime)),
            ("MaxEjectionPercent", Text(breaker.MaxEjectionPercent)))));
    }

    internal static VerdictSource Routes(MeshSnapshot snapshot)
    {
        var resolver = new MeshTimeoutResolver(snapshot);
        return Source(snapshot, service =>
        {
            var routes = resolver.Resolve(service).ToArray();
            return routes.Select(Route).Concat(Orders(routes));
        });
    }

    private static VerdictFact Route(MeshTimeout route) => new(
        route.Match == "*" ? Port(route.Port) : $"{Port(route.Port)} {route.Match}",
        route.Clients,
        route.Action == RouteAction.Forward
            ? $"{string.Join(", ", route.Destinations)}; {(route.Timeout is { } timeout ? $"time-out {Text(timeout)}" : "no time-out")}; {route.Attempts} retries"
            : $"{route.Action}",
        [
            ("Action", $"{route.Action}"),
            ("Destinations", string.Join(", ", route.Destinations)),
            ("Mirrors", string.Join(", ", route.Mirrors)),
            ("Timeout", Text(route.Timeout)),
            ("Attempts", Text(route.Attempts)),
            ("PerTryTimeout", Text(route.PerTryTimeout)),
            ("RetryOn", string.Join(", ", route.RetryOn.Order(StringComparer.Ordinal))),
        ]);

    // Of several routes the first that matches is taken, so their order counts.
    private static IEnumerable<VerdictFact> Orders(IEnumerable<MeshTimeout> routes) => routes
        .GroupBy(route => (route.Port, Clients: string.Join('\n', route.Clients)))
        .Where(list => list.Count() > 1)
        .Select(list =>
        {
            var order = string.Join(" > ", list.OrderBy(route => route.Route).Select(route => route.Match));
            return new VerdictFact($"{Port(list.Key.Port)} order", list.First().Clients, order, [("Order", order)]);
        });

    private static VerdictSource Source(MeshSnapshot snapshot, Func<ServiceRecord, IEnumerable<VerdictFact>> facts)
    {
        var services = snapshot.Services.ToDictionary(service => new VerdictSubject("", service.Namespace, service.Name));
        return new VerdictSource(services.Keys, subject => services.TryGetValue(subject, out var service) ? facts(service) : []);
    }

    // What is set, in short, behind the state.
    private static VerdictFact Fact(string part, IReadOnlyList<string> clients, string state, params (string Name, string? Value)[] fields)
    {
        var set = string.Join(", ", fields.Where(field => field.Name != "State" && field.Value is not null).Select(field => $"{field.Name} {field.Value}"));
        return new VerdictFact(part, clients, set.Length == 0 ? state : $"{state}: {set}", fields);
    }

    private static string Port(int port) => string.Create(CultureInfo.InvariantCulture, $":{port}");

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(TimeSpan? duration) => duration is { } value ? Definition.MeshDuration.Format(value) : null;
}
