namespace VoiceCore.Istio.Core.Definition;

/// <summary>What holds for the whole mesh.</summary>
public sealed record MeshSettings
{
    /// <summary>The trust domain: the first part of every SPIFFE identity (<c>meshConfig.trustDomain</c>).</summary>
    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>The DNS domain of the cluster's services.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>The namespace whose policies hold for the whole mesh (<c>meshConfig.rootNamespace</c>).</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>What every workload accepts unless its service says otherwise.</summary>
    public MtlsMode Mtls { get; init; } = MtlsMode.Strict;

    /// <summary>The life of workload certificates.</summary>
    public CertificatePolicy Certificates { get; init; } = new();

    /// <summary>Distributed tracing; null: no traces.</summary>
    public TracingDefinition? Tracing { get; init; }

    /// <summary>The proxies' access log; null: none is written.</summary>
    public AccessLogDefinition? AccessLog { get; init; }
}

/// <summary>What a workload accepts (<c>PeerAuthentication.mtls.mode</c>).</summary>
public enum MtlsMode
{
    /// <summary>Mutual TLS only.</summary>
    Strict,

    /// <summary>Mutual TLS and plain text.</summary>
    Permissive,

    /// <summary>Plain text only.</summary>
    Disable,
}

/// <summary>
/// The life of workload certificates. Istio has one number for its rotation (<c>SECRET_GRACE_PERIOD_RATIO</c>: the part of the lifetime
/// that is left when it starts); <see cref="CertificateSettings"/> gives it.
/// </summary>
public sealed record CertificatePolicy
{
    /// <summary>How long a workload certificate is valid. 1 h to 10 years.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The certificate must have been replaced when this much of its life is left.</summary>
    public TimeSpan? RotateBefore { get; init; }

    /// <summary>The time before expiry in which rotation may be tried. Istio's own default is half of the lifetime.</summary>
    public TimeSpan? GracePeriod { get; init; }
}

/// <summary>Where spans go and how many.</summary>
public sealed record TracingDefinition
{
    /// <summary>Percentage of requests that start a trace, 0 to 100.</summary>
    public double SamplingPercentage { get; init; } = 1;

    /// <summary>Name of the extension provider.</summary>
    public string Provider { get; init; } = "otel";

    /// <summary>Host of the OpenTelemetry collector (OTLP over gRPC), as the mesh knows it.</summary>
    public required string Service { get; init; }

    /// <summary>Port of the collector.</summary>
    public int Port { get; init; } = 4317;
}

/// <summary>The proxies' access log.</summary>
public sealed record AccessLogDefinition
{
    /// <summary>The file; <c>/dev/stdout</c> is the container's log.</summary>
    public string File { get; init; } = "/dev/stdout";

    /// <summary>How a line is written.</summary>
    public AccessLogEncoding Encoding { get; init; } = AccessLogEncoding.Json;
}

/// <summary>How a line of the access log is written (<c>meshConfig.accessLogEncoding</c>).</summary>
public enum AccessLogEncoding
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>Envoy's text format.</summary>
    Text,
}
