namespace VoiceCore.Istio.Core.Definition;

/// <summary>What Prometheus is to watch.</summary>
public sealed record AlertDefinition
{
    /// <summary>The namespace of the PrometheusRule object.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels by which the Prometheus operator chooses rules.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>A certificate with less than this left.</summary>
    public TimeSpan CertificateExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Percentage of failed requests (5xx) of a service, above 0, below 100.</summary>
    public double ErrorPercentage { get; init; } = 5;

    /// <summary>The time that 99 % of the requests of a service take at most; a service may state its own.</summary>
    public TimeSpan LatencyP99 { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Restarts of a container within an hour.</summary>
    public int PodRestarts { get; init; } = 3;

    /// <summary>
    /// The rendered threshold of a service: its own, else the common one, and never above its time-out, which would cut the request off before.
    /// </summary>
    public TimeSpan LatencyOf(ServiceDefinition service) =>
        (service.LatencyP99 ?? LatencyP99) is var asked && asked > service.Timeout ? service.Timeout.Value : asked;

    /// <summary>
    /// The rendered threshold of workload certificates. A healthy certificate is replaced before so little is left; where the rotation of a
    /// short-lived one begins later than asked, half of the time that is left then.
    /// </summary>
    public TimeSpan WorkloadExpiry(CertificateSettings settings)
    {
        var latestRotation = settings.Lifetime * (settings.GraceRatio - settings.Jitter);
        return CertificateExpiry < latestRotation ? CertificateExpiry : TimeSpan.FromSeconds(Math.Floor(latestRotation.TotalSeconds / 2));
    }
}
