namespace VoiceCore.Istio.Core.Definition;

/// <summary>One service of the product: its workload, what it accepts, and what its callers may ask of it.</summary>
public sealed record ServiceDefinition
{
    /// <summary>How <see cref="Callers"/> names the ingress gateway.</summary>
    public const string IngressCaller = "ingress";

    /// <summary>Name of Service, Deployment and the label <c>app</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The service account: the last part of its SPIFFE identity.</summary>
    public required string ServiceAccount { get; init; }

    /// <summary>The label <c>version</c> of its pods.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>Its image, where it is not made from <see cref="MeshDefinition.Images"/>.</summary>
    public string? Image { get; init; }

    /// <summary>Its ports.</summary>
    public IReadOnlyList<ServicePort> Ports { get; init; } = [];

    /// <summary>Number of replicas.</summary>
    public ReplicaRange Replicas { get; init; } = new(2, 2);

    /// <summary>What its container asks for.</summary>
    public ResourceRequirements Resources { get; init; } = new();

    /// <summary>Where its metrics are; null: not scraped.</summary>
    public MetricsEndpoint? Metrics { get; init; }

    /// <summary>Its health checks; null: none.</summary>
    public HealthEndpoint? Health { get; init; }

    /// <summary>What it accepts; null: what the mesh says.</summary>
    public MtlsMode? Mtls { get; init; }

    /// <summary>What single container ports accept, where that differs from the service.</summary>
    public IReadOnlyDictionary<int, MtlsMode> PortMtls { get; init; } = new Dictionary<int, MtlsMode>();

    /// <summary>How a caller's proxy chooses among the replicas.</summary>
    public LoadBalancing LoadBalancing { get; init; } = LoadBalancing.LeastRequest;

    /// <summary>
    /// Whether a caller's proxy keeps to its own zone and leaves it only when hosts there fail. Outlier detection switches that on in Istio;
    /// here it is off unless asked for.
    /// </summary>
    public bool LocalityFailover { get; init; }

    /// <summary>The limits of a caller's proxy towards the service; null: none.</summary>
    public CircuitBreaker? CircuitBreaker { get; init; }

    /// <summary>How long a request may take, retries included; null: no limit (Istio's default).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What is tried again; null: Istio's default (two retries).</summary>
    public RetryPolicy? Retries { get; init; }

    /// <summary>The limit of its requests; null: none.</summary>
    public ServiceRateLimit? RateLimit { get; init; }

    /// <summary>The time that 99 % of its requests take at most, above which an alert fires; null: the common one.</summary>
    public TimeSpan? LatencyP99 { get; init; }

    /// <summary>Who calls it: services of the product, <c>ingress</c>, or <c>namespace/service-account</c>.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];
}

/// <summary>A port of a service.</summary>
/// <param name="Name">Its name, unique in the service.</param>
/// <param name="Port">The number on the Service, 1 to 65535.</param>
/// <param name="TargetPort">The number in the container, 1 to 65535.</param>
/// <param name="Protocol">What is spoken on it.</param>
public sealed record ServicePort(string Name, int Port, int TargetPort, ServiceProtocol Protocol);

/// <summary>What is spoken on a port, as Istio selects protocols (<c>appProtocol</c>).</summary>
public enum ServiceProtocol
{
    /// <summary>HTTP/1.1, upgraded where both sides can.</summary>
    Http,

    /// <summary>HTTP/2 without TLS.</summary>
    Http2,

    /// <summary>gRPC.</summary>
    Grpc,

    /// <summary>HTTP in the application's own TLS: opaque to the sidecar.</summary>
    Https,

    /// <summary>The application's own TLS.</summary>
    Tls,

    /// <summary>Anything else.</summary>
    Tcp,
}

/// <summary>How a caller's proxy chooses among the replicas (<c>loadBalancer.simple</c>).</summary>
public enum LoadBalancing
{
    /// <summary>The one with fewer open requests of two chosen at random.</summary>
    LeastRequest,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>At random.</summary>
    Random,
}

/// <summary>Where a workload shows its metrics.</summary>
/// <param name="Port">The container's port.</param>
/// <param name="Path">The path, from <c>/</c>.</param>
public sealed record MetricsEndpoint(int Port, string Path);

/// <summary>The health checks of a workload, over HTTP.</summary>
/// <param name="Port">The container's port.</param>
/// <param name="Liveness">Path that fails when the container must be restarted.</param>
/// <param name="Readiness">Path that fails while the container can serve nothing.</param>
public sealed record HealthEndpoint(int Port, string Liveness, string Readiness);
