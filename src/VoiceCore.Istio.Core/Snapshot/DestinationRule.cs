using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A DestinationRule.</summary>
public sealed record DestinationRule : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public DestinationRule()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal DestinationRule(IstioObject common)
        : base(common)
    {
    }

    /// <summary>The host as written.</summary>
    public required string Host { get; init; } = "";

    /// <summary>The policy of all subsets and ports; null where none is given.</summary>
    public TrafficPolicy? Policy { get; init; }

    /// <summary>The subsets in order.</summary>
    public IReadOnlyList<Subset> Subsets { get; init; } = [];

    /// <summary><c>exportTo</c> as written; empty means the mesh's default.</summary>
    public IReadOnlyList<string> ExportTo { get; init; } = [];

    /// <summary><c>workloadSelector.matchLabels</c>: the clients that it is for; null where it is for all.</summary>
    public LabelSet? WorkloadSelector { get; init; }
}

/// <summary>A subset of a DestinationRule.</summary>
/// <param name="Name">The name that routes use.</param>
/// <param name="Labels">The labels of its endpoints.</param>
/// <param name="Policy">What differs from the rule's policy; null where nothing does.</param>
public sealed record Subset(string Name, LabelSet Labels, TrafficPolicy? Policy);

/// <summary>A traffic policy. A part that is null is not given: it has Envoy's and Istio's defaults.</summary>
public sealed record TrafficPolicy
{
    /// <summary>Limits of connections and requests.</summary>
    public ConnectionPool? ConnectionPool { get; init; }

    /// <summary>When endpoints are ejected.</summary>
    public OutlierDetection? OutlierDetection { get; init; }

    /// <summary>How endpoints are chosen.</summary>
    public LoadBalancer? LoadBalancer { get; init; }

    /// <summary>What the client sends.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Limit of concurrent retries as a share of active requests; replaces <c>maxRetries</c>.</summary>
    public RetryBudget? RetryBudget { get; init; }

    /// <summary>Policies of single service ports, each of which replaces the whole policy for its port.</summary>
    public IReadOnlyList<PortTrafficPolicy> Ports { get; init; } = [];
}

/// <summary>The policy of one service port.</summary>
/// <param name="Port">The service port.</param>
/// <param name="Policy">The policy; it has no ports of its own.</param>
public sealed record PortTrafficPolicy(int Port, TrafficPolicy Policy);

/// <summary><c>connectionPool</c>. Zero means: not given.</summary>
public sealed record ConnectionPool
{
    /// <summary><c>tcp.maxConnections</c>: connections of one client proxy to one cluster.</summary>
    public int MaxConnections { get; init; }

    /// <summary><c>tcp.connectTimeout</c>.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary><c>tcp.idleTimeout</c>.</summary>
    public TimeSpan? TcpIdleTimeout { get; init; }

    /// <summary><c>tcp.maxConnectionDuration</c>.</summary>
    public TimeSpan? MaxConnectionDuration { get; init; }

    /// <summary><c>http.http1MaxPendingRequests</c>: requests that wait for a connection.</summary>
    public int MaxPendingRequests { get; init; }

    /// <summary><c>http.http2MaxRequests</c>: active requests, of HTTP/1 and HTTP/2.</summary>
    public int MaxRequests { get; init; }

    /// <summary><c>http.maxRequestsPerConnection</c>.</summary>
    public int MaxRequestsPerConnection { get; init; }

    /// <summary><c>http.maxRetries</c>: concurrent retries.</summary>
    public int MaxRetries { get; init; }

    /// <summary><c>http.idleTimeout</c>.</summary>
    public TimeSpan? HttpIdleTimeout { get; init; }

    /// <summary><c>http.h2UpgradePolicy</c>: <c>DEFAULT</c>, <c>UPGRADE</c> or <c>DO_NOT_UPGRADE</c>.</summary>
    public string H2UpgradePolicy { get; init; } = "DEFAULT";

    /// <summary><c>http.useClientProtocol</c>.</summary>
    public bool UseClientProtocol { get; init; }
}

/// <summary><c>outlierDetection</c>.</summary>
public sealed record OutlierDetection
{
    /// <summary><c>consecutive5xxErrors</c>; null = Envoy's 5, 0 = off.</summary>
    public int? Consecutive5xxErrors { get; init; }

    /// <summary><c>consecutiveGatewayErrors</c>; null or 0 = off.</summary>
    public int? ConsecutiveGatewayErrors { get; init; }

    /// <summary><c>consecutiveLocalOriginFailures</c>; counts only with <see cref="SplitLocalOriginErrors"/>.</summary>
    public int? ConsecutiveLocalOriginFailures { get; init; }

    /// <summary><c>splitExternalLocalOriginErrors</c>.</summary>
    public bool SplitLocalOriginErrors { get; init; }

    /// <summary><c>interval</c>; null = 10 s.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary><c>baseEjectionTime</c>; null = 30 s.</summary>
    public TimeSpan? BaseEjectionTime { get; init; }

    /// <summary><c>maxEjectionPercent</c>, 0 to 100; 0 = Envoy's 10.</summary>
    public int MaxEjectionPercent { get; init; }

    /// <summary><c>minHealthPercent</c>, 0 to 100: the panic threshold.</summary>
    public int MinHealthPercent { get; init; }
}

/// <summary><c>loadBalancer</c>.</summary>
public sealed record LoadBalancer
{
    /// <summary><c>simple</c>: such as <c>LEAST_REQUEST</c>; <c>UNSPECIFIED</c> where not given.</summary>
    public string Simple { get; init; } = "UNSPECIFIED";

    /// <summary>True where <c>consistentHash</c> is given.</summary>
    public bool IsConsistentHash { get; init; }

    /// <summary>True for <c>consistentHash.maglev</c>.</summary>
    public bool IsMaglev { get; init; }

    /// <summary>True for <c>localityLbSetting.enabled: false</c>.</summary>
    public bool LocalityDisabled { get; init; }
}

/// <summary><c>retryBudget</c>.</summary>
/// <param name="Percent">Share of active requests, in percent.</param>
/// <param name="MinRetryConcurrency">Retries that are always allowed.</param>
public sealed record RetryBudget(double Percent, int MinRetryConcurrency);

/// <summary>What a client sends to a destination.</summary>
public enum ClientTlsMode
{
    /// <summary>Plaintext.</summary>
    Disable,

    /// <summary>TLS without a client certificate.</summary>
    Simple,

    /// <summary>TLS with a client certificate of one's own.</summary>
    Mutual,

    /// <summary>Mutual TLS of the mesh.</summary>
    IstioMutual,
}

/// <summary><c>tls</c> of a traffic policy.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Sni">The SNI; empty where not given.</param>
public sealed record ClientTls(ClientTlsMode Mode, string Sni)
{
    /// <summary><c>credentialName</c>: the name (only the name) of a secret; null where not given.</summary>
    public string? CredentialName { get; init; }

    /// <summary>True where certificate and key files are named: without them a <c>MUTUAL</c> mode cannot be built.</summary>
    public bool HasCertificateFiles { get; init; }
}
