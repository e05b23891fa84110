using System.Globalization;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>A way to set what a certificate policy asks for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Consequence">What it means.</param>
/// <param name="Settings">The settings.</param>
public sealed record CertificateAlternative(string Name, string Consequence, CertificateSettings Settings);

/// <summary>A certificate policy in Istio's settings, with what is in conflict and the ways out.</summary>
public sealed record CertificatePlan
{
    private CertificatePlan(CertificateSettings settings, IReadOnlyList<Finding> conflicts, IReadOnlyList<CertificateAlternative> alternatives)
    {
        Settings = settings;
        Meaning = CertificateMeaning.Of(settings);
        Findings = [.. conflicts, .. Meaning.Findings];
        Alternatives = alternatives;
    }

    /// <summary>The settings as numbers.</summary>
    public CertificateSettings Settings { get; }

    /// <summary>What they mean.</summary>
    public CertificateMeaning Meaning { get; }

    /// <summary>The agent's <c>SECRET_TTL</c>.</summary>
    public string SecretTtl => MeshDuration.Format(Settings.Lifetime);

    /// <summary>The agent's <c>SECRET_GRACE_PERIOD_RATIO</c>.</summary>
    public double GracePeriodRatio => Round(Settings.GraceRatio);

    /// <summary>The agent's <c>SECRET_GRACE_PERIOD_RATIO_JITTER</c> (Istio 1.24 and later; before, there was none).</summary>
    public double GracePeriodRatioJitter => Round(Settings.Jitter);

    /// <summary>istiod's <c>MAX_WORKLOAD_CERT_TTL</c>.</summary>
    public string MaxWorkloadCertTtl => MeshDuration.Format(Settings.MaxLifetime);

    /// <summary>What is in conflict, and what the settings do that their author may not expect.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The ways out of a conflict, the one that was taken first; none without a conflict.</summary>
    public IReadOnlyList<CertificateAlternative> Alternatives { get; }

    /// <summary>
    /// The plan of a policy. Where rotation and grace period are in conflict, rotation starts at the longer time (both hold, and the shorter
    /// is the time to raise an alarm), or at the shorter where <paramref name="late"/> is asked for.
    /// </summary>
    /// <exception cref="MeshException"><c>CertificatePolicyInvalid</c>: rotation would start before the certificate is issued.</exception>
    public static CertificatePlan Of(CertificatePolicy policy, bool late)
    {
        var findings = DefinitionRules.Certificates(policy).ToList();
        if (findings.FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
            throw DefinitionErrors.CertificatePolicyInvalid(error);

        var early = CertificateSettings.Of(policy);
        if (policy is not { RotateBefore: { } rotate, GracePeriod: { } grace } || rotate == grace)
            return new CertificatePlan(early, findings, []);

        var (shorter, longer) = rotate < grace ? (rotate, grace) : (grace, rotate);
        var lateSettings = CertificateSettings.Of(policy with { RotateBefore = shorter, GracePeriod = null });
        var shortened = CertificateSettings.Of(new CertificatePolicy
        {
            Lifetime = TimeSpan.FromSeconds(Math.Round((policy.Lifetime * (shorter / longer)).TotalSeconds)),
            RotateBefore = shorter,
        });
        CertificateAlternative[] alternatives =
        [
            new(
                "EarlyRotation",
                $"Rotation starts {MeshDuration.Format(longer)} before expiry and is tried until then; {MeshDuration.Format(shorter)} left means that it has failed, and is the time to raise an alarm.",
                early),
            new(
                "LateRotation",
                $"Rotation starts {MeshDuration.Format(shorter)} before expiry; an outage of istiod of that length expires every certificate of the mesh.",
                lateSettings),
            new(
                "ShorterLifetime",
                $"Certificates live {MeshDuration.Format(shortened.Lifetime)}, and the same part of that, {MeshDuration.Format(shorter)}, is left when rotation starts.",
                shortened),
        ];
        return late
            // That rotation starts at the longer time does not hold then; what late rotation risks is among the findings of the settings.
            ? new CertificatePlan(lateSettings, [.. findings.Where(finding => finding.Code != DefinitionFindings.RotationConflict.Code)], [alternatives[1], alternatives[0], alternatives[2]])
            : new CertificatePlan(early, findings, alternatives);
    }

    private static double Round(double value) => double.Parse(value.ToString("0.######", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
