namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// The limits that each caller's proxy keeps towards a service (per proxy and Envoy cluster, never global), and when it leaves out a replica.
/// Source: Istio's <c>DestinationRule</c> reference, <c>ConnectionPoolSettings</c> and <c>OutlierDetection</c>.
/// </summary>
public sealed record CircuitBreaker
{
    /// <summary>Connections to the service (<c>tcp.maxConnections</c>), from 1.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Requests that wait for a connection (<c>http.http1MaxPendingRequests</c>), from 1.</summary>
    public required int MaxPendingRequests { get; init; }

    /// <summary>
    /// Requests under way, under HTTP/1 and HTTP/2 (<c>http.http2MaxRequests</c>), from 1; null: as many as connections.
    /// Without it there is no limit under HTTP/2, where one connection carries every request.
    /// </summary>
    public int? MaxRequests { get; init; }

    /// <summary>Answers of 5xx in a row until a replica is left out (<c>consecutive5xxErrors</c>), from 1.</summary>
    public required int ConsecutiveErrors { get; init; }

    /// <summary>Time between two looks at the replicas.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a replica is left out the first time (<c>baseEjectionTime</c>).</summary>
    public required TimeSpan EjectionTime { get; init; }

    /// <summary>The most replicas that may be left out at a time, in percent, 1 to 100; null: enough for one.</summary>
    public int? MaxEjectionPercent { get; init; }

    /// <summary>The limit of requests under way that is rendered.</summary>
    public int EffectiveMaxRequests => MaxRequests ?? MaxConnections;

    /// <summary>
    /// The rendered <c>maxEjectionPercent</c>: what was asked, raised where it would not let one of the smallest number of replicas go.
    /// </summary>
    public int EffectiveMaxEjectionPercent(int minimumReplicas) =>
        Math.Max(MaxEjectionPercent ?? 0, SmallestUsefulEjectionPercent(minimumReplicas));

    /// <summary>
    /// The smallest percentage under which Envoy leaves out one of so many hosts: it does so only while
    /// 100 × (already left out + 1) / hosts ≤ the percentage, compared without rounding (Envoy 1.28 and later, Istio 1.20 and later).
    /// </summary>
    public static int SmallestUsefulEjectionPercent(int hosts) => (100 + hosts - 1) / hosts;
}
