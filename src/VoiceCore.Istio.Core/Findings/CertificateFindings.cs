namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0161 to VCM0169: what settings of workload certificates do that their author may not expect.</summary>
public static class CertificateFindings
{
    private const string Agent = "https://istio.io/latest/docs/reference/commands/pilot-agent/";
    private const string Discovery = "https://istio.io/latest/docs/reference/commands/pilot-discovery/";

    /// <summary>A lifetime that istiod refuses.</summary>
    public static readonly FindingRule Refused = new(
        "VCM0161", FindingSeverity.Error,
        "Certificates of {0} are asked for, and istiod grants {1} at most: it refuses, and no pod becomes ready.",
        "A longer request than MAX_WORKLOAD_CERT_TTL is an error, it is not shortened.",
        "Set MAX_WORKLOAD_CERT_TTL of istiod to {0}, or SECRET_TTL to {1} or less.",
        Discovery);

    /// <summary>Rotation that may begin when it is too late.</summary>
    public static readonly FindingRule RotationAtExpiry = new(
        "VCM0162", FindingSeverity.Error,
        "With ratio {0} and jitter {1} some certificates are replaced only when they expire.",
        "Each proxy moves the ratio by a random part of the jitter, up or down; what comes out below zero counts as zero.",
        "Set SECRET_GRACE_PERIOD_RATIO_JITTER to {2} or less (Istio 1.24 and later), or a greater ratio.",
        Agent);

    /// <summary>Rotation with little time to try again.</summary>
    public static readonly FindingRule RotationLate = new(
        "VCM0163", FindingSeverity.Warning,
        "Rotation may begin with {0} left: an outage of istiod of that length expires every certificate of the mesh.",
        "Rotation is tried from its start until the certificate expires, and not before.",
        "Set a greater SECRET_GRACE_PERIOD_RATIO.",
        Agent);

    /// <summary>A ratio that is no part of a whole.</summary>
    public static readonly FindingRule RatioClamped = new(
        "VCM0164", FindingSeverity.Warning,
        "Ratio {0} counts as {1}.",
        "The ratio is the part of the lifetime that is left when rotation starts: 0 to 1.",
        "Set SECRET_GRACE_PERIOD_RATIO between 0 and 1.",
        Agent);

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } = [Refused, RotationAtExpiry, RotationLate, RatioClamped];
}
