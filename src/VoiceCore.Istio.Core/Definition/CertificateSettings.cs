namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// A certificate policy in the settings that Istio has. Its agent starts to rotate when
/// ratio ± jitter of the lifetime is left (<c>security/pkg/nodeagent/cache/secretcache.go</c>, <c>rotateTime</c>).
/// </summary>
/// <param name="Lifetime">The lifetime that the agent asks for (<c>SECRET_TTL</c>).</param>
/// <param name="GraceRatio">The part of the lifetime left when rotation starts (<c>SECRET_GRACE_PERIOD_RATIO</c>), above 0, below 1.</param>
/// <param name="Jitter">Spread of the ratio (<c>SECRET_GRACE_PERIOD_RATIO_JITTER</c>, Istio 1.24 and later).</param>
/// <param name="MaxLifetime">The longest lifetime that istiod grants (<c>MAX_WORKLOAD_CERT_TTL</c>).</param>
public sealed record CertificateSettings(TimeSpan Lifetime, double GraceRatio, double Jitter, TimeSpan MaxLifetime)
{
    /// <summary>What istiod grants unless it is told otherwise: 90 days. A longer request is refused, not shortened.</summary>
    public static readonly TimeSpan DefaultMaxLifetime = TimeSpan.FromHours(2160);

    private const double DefaultGraceRatio = 0.5;
    private const double DefaultJitter = 0.01;

    /// <summary>Istio's own defaults (<c>pilot/cmd/pilot-agent/options/options.go</c>).</summary>
    public static readonly CertificateSettings Default = new(TimeSpan.FromHours(24), DefaultGraceRatio, DefaultJitter, DefaultMaxLifetime);

    /// <summary>
    /// The settings of a policy. Rotation starts at the longer of <see cref="CertificatePolicy.GracePeriod"/> and
    /// <see cref="CertificatePolicy.RotateBefore"/>: then both hold, and what lies between them is time to try again.
    /// The jitter is at most a tenth of the ratio, so that rotation never comes near the expiry.
    /// </summary>
    public static CertificateSettings Of(CertificatePolicy policy)
    {
        var start = Max(policy.GracePeriod, policy.RotateBefore);
        var ratio = start is { } left ? left / policy.Lifetime : DefaultGraceRatio;
        return new CertificateSettings(
            policy.Lifetime,
            ratio,
            Math.Min(DefaultJitter, ratio / 10),
            policy.Lifetime > DefaultMaxLifetime ? policy.Lifetime : DefaultMaxLifetime);
    }

    private static TimeSpan? Max(TimeSpan? one, TimeSpan? other) =>
        one is null ? other : other is null || one > other ? one : other;
}
