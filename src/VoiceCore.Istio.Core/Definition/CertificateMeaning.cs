using System.Globalization;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>What settings of workload certificates mean in time.</summary>
/// <param name="Lifetime">How long a certificate is valid.</param>
/// <param name="RotationEarliest">The most that is left of a certificate when its rotation starts.</param>
/// <param name="RotationLatest">The least that is left when its rotation starts.</param>
/// <param name="Findings">What the settings do that their author may not expect.</param>
public sealed record CertificateMeaning(TimeSpan Lifetime, TimeSpan RotationEarliest, TimeSpan RotationLatest, IReadOnlyList<Finding> Findings)
{
    // Time to notice and repair an istiod that does not sign.
    private static readonly TimeSpan TimeToRepair = TimeSpan.FromHours(24);
    private const double ShortPart = 0.1;

    /// <summary>Lifetime in hours.</summary>
    public double LifetimeHours => Lifetime.TotalHours;

    /// <summary>Hours left when rotation starts, at the earliest.</summary>
    public double RotationEarliestHours => Math.Round(RotationEarliest.TotalHours, 2);

    /// <summary>Hours left when rotation starts, at the latest.</summary>
    public double RotationLatestHours => Math.Round(RotationLatest.TotalHours, 2);

    /// <summary>
    /// The meaning of settings: rotation starts when ratio ± jitter of the lifetime is left
    /// (<c>security/pkg/nodeagent/cache/secretcache.go</c>, <c>rotateTime</c>, which keeps the ratio within 0 and 1).
    /// </summary>
    public static CertificateMeaning Of(CertificateSettings settings) => new(
        settings.Lifetime,
        Left(settings, settings.GraceRatio + settings.Jitter),
        Left(settings, settings.GraceRatio - settings.Jitter),
        [.. Check(settings)]);

    private static TimeSpan Left(CertificateSettings settings, double ratio) =>
        TimeSpan.FromSeconds(Math.Round((settings.Lifetime * Math.Clamp(ratio, 0, 1)).TotalSeconds));

    private static IEnumerable<Finding> Check(CertificateSettings settings)
    {
        if (settings.Lifetime > settings.MaxLifetime)
            yield return CertificateFindings.Refused.At("SECRET_TTL", MeshDuration.Format(settings.Lifetime), MeshDuration.Format(settings.MaxLifetime));

        const string Ratio = "SECRET_GRACE_PERIOD_RATIO";
        if (settings.GraceRatio is < 0 or > 1)
            yield return CertificateFindings.RatioClamped.At(Ratio, Number(settings.GraceRatio), Number(Math.Clamp(settings.GraceRatio, 0, 1)));

        var latest = Left(settings, settings.GraceRatio - settings.Jitter);
        if (latest == TimeSpan.Zero)
            yield return CertificateFindings.RotationAtExpiry.At(Ratio, Number(settings.GraceRatio), Number(settings.Jitter), Number(Math.Max(0, settings.GraceRatio / 10)));
        else if (latest < TimeToRepair && latest < settings.Lifetime * ShortPart)
            yield return CertificateFindings.RotationLate.At(Ratio, MeshDuration.Format(latest));
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
