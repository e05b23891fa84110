namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Whether a circuit breaker does what it is for.</summary>
public enum CircuitBreakerState
{
    /// <summary>Limits and ejection work.</summary>
    Effective,

    /// <summary>Some of it works.</summary>
    Partial,

    /// <summary>It is configured, and nothing of it can work.</summary>
    Ineffective,

    /// <summary>No DestinationRule says anything.</summary>
    NotConfigured,
}

/// <summary>
/// The circuit breaker that some clients have for a port of a service. A limit that is null is not set: Envoy's is 4294967295.
/// Limits hold for each client proxy by itself, not for the service.
/// </summary>
/// <param name="Namespace">The service's namespace.</param>
/// <param name="Service">The service.</param>
/// <param name="Port">The service's port.</param>
/// <param name="Clients">The clients, by namespace.</param>
/// <param name="ClientProxies">How many proxies that is: together they may use as many times each limit.</param>
/// <param name="DestinationRule">The rule that decided, as namespace/name; null for none.</param>
/// <param name="MaxConnections">Connections.</param>
/// <param name="MaxPendingRequests">Requests that wait for a connection.</param>
/// <param name="MaxRequests">Active requests, of HTTP/1.1 and HTTP/2.</param>
/// <param name="MaxRetries">Concurrent retries.</param>
/// <param name="ConsecutiveErrors">5xx answers in a row that eject an endpoint; null without outlier detection.</param>
/// <param name="Interval">How often endpoints are judged.</param>
/// <param name="EjectionTime">How long the first ejection lasts.</param>
/// <param name="MaxEjectionPercent">The largest share of endpoints that may be ejected, in percent.</param>
/// <param name="Endpoints">How many endpoints the port has now; of a host outside that is looked up by name, how many names.</param>
/// <param name="State">Whether it works.</param>
/// <param name="Reasons">What of it does not, and why.</param>
/// <param name="Deviations">Where it is not what the definition wants.</param>
public sealed record MeshCircuitBreaker(
    string Namespace,
    string Service,
    int Port,
    IReadOnlyList<string> Clients,
    int ClientProxies,
    string? DestinationRule,
    int? MaxConnections,
    int? MaxPendingRequests,
    int? MaxRequests,
    int? MaxRetries,
    int? ConsecutiveErrors,
    TimeSpan? Interval,
    TimeSpan? EjectionTime,
    int? MaxEjectionPercent,
    int Endpoints,
    CircuitBreakerState State,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Deviations);
