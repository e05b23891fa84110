namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0131 to VCM0159: zero trust, rate limits, quotas and alerts of a definition.</summary>
public static class RequirementFindings
{
    private const string Authorization = "https://istio.io/latest/docs/reference/config/security/authorization-policy/";
    private const string RateLimits = "https://istio.io/latest/docs/tasks/policy-enforcement/rate-limit/";

    /// <summary>Two services that cannot be told apart.</summary>
    public static readonly FindingRule SharedIdentity = new(
        "VCM0131", FindingSeverity.Warning,
        "{0} share the service account {1}: whoever lets one of them in lets all of them in.",
        "A policy knows a caller by its SPIFFE identity, which ends with the service account.",
        "Give each service an account of its own.",
        Authorization);

    /// <summary>A service that nobody may call.</summary>
    public static readonly FindingRule NobodyCalls = new(
        "VCM0132", FindingSeverity.Info,
        "No callers are listed; with zero trust nobody can call the service.",
        "What is not listed is refused.",
        "Add callers, unless the service only calls others.",
        Authorization);

    /// <summary>Callers without an identity.</summary>
    public static readonly FindingRule PlainTextRefused = new(
        "VCM0133", FindingSeverity.Warning,
        "The service accepts plain text ({0}), and zero trust refuses every caller that uses it.",
        "A caller without a client certificate has no identity that a policy could allow.",
        "Write STRICT, or take zero trust back to SHADOW until every caller has a sidecar.",
        Authorization);

    /// <summary>Zero trust without mutual TLS.</summary>
    public static readonly FindingRule IdentityMissing = new(
        "VCM0134", FindingSeverity.Error,
        "With the mode DISABLE nobody has an identity, and zero trust would refuse every request.",
        "Identities come from client certificates.",
        "Write STRICT, or zeroTrust.mode: OFF.",
        Authorization);

    /// <summary>How a limit is shared.</summary>
    public static readonly FindingRule RateLimitShared = new(
        "VCM0135", FindingSeverity.Info,
        "Each pod admits {0} of {1} requests per {2}: {3} in all with {4} pods, {5} with {6}.",
        "Envoy counts in each pod by itself. The share follows from the greatest number of replicas, so that the service never gets more than its limit; with fewer pods it gets less.",
        "Raise requests if the smallest number of pods must admit {1}, or narrow the range of replicas.",
        RateLimits);

    /// <summary>A limit that cannot be shared.</summary>
    public static readonly FindingRule RateLimitTooSmall = new(
        "VCM0136", FindingSeverity.Warning,
        "A limit of {0} cannot be shared by {1} pods; each admits one, {1} in all.",
        "A pod admits at least one request in an interval.",
        "Choose a longer interval with more requests.",
        RateLimits);

    /// <summary>A limit that is counted once for each port.</summary>
    public static readonly FindingRule RateLimitPerPort = new(
        "VCM0137", FindingSeverity.Warning,
        "The service has {0} HTTP ports, and each counts by itself: up to {0} times the limit is admitted.",
        "Envoy keeps one bucket for each route configuration, and every port has its own.",
        "Divide the limit, or serve on one port.",
        RateLimits);

    /// <summary>Limits for tenants that nobody can tell apart.</summary>
    public static readonly FindingRule TenantUnknown = new(
        "VCM0138", FindingSeverity.Error,
        "There are limits for tenants, and rateLimits.tenant does not say how a tenant is known.",
        "A header that a client sets by itself could name any tenant. The tenant comes from a claim of a verified token.",
        "Add rateLimits.tenant with issuer and claim.",
        RateLimits);

    /// <summary>A tenant with more than the service.</summary>
    public static readonly FindingRule TenantAboveService = new(
        "VCM0139", FindingSeverity.Warning,
        "Tenant {0} may have {1} requests, and the service as a whole {2}.",
        "A request counts for the limit of its tenant and for that of the service; the smaller one decides.",
        "Lower the tenant's limit or raise the service's.",
        RateLimits);

    /// <summary>Limits that are switched off.</summary>
    public static readonly FindingRule RateLimitsOff = new(
        "VCM0140", FindingSeverity.Info,
        "The limit is not rendered: rate limits are off.",
        "rateLimits is missing, or its mode is OFF.",
        "Write rateLimits: {{ mode: ENFORCE }}, or SHADOW to see first what would be refused.",
        RateLimits);

    /// <summary>Quotas without a gateway to keep them.</summary>
    public static readonly FindingRule QuotaWithoutIngress = new(
        "VCM0141", FindingSeverity.Error,
        "Tenants are known and quotas are kept at the ingress gateway, and the definition has none.",
        "Tokens are verified where requests come in.",
        "Add gateways.ingress, or remove {0}.",
        RateLimits);

    /// <summary>A threshold that is never reached.</summary>
    public static readonly FindingRule LatencyBeyondTimeout = new(
        "VCM0142", FindingSeverity.Warning,
        "The latency threshold of {0} is above the time-out of {1}; {1} is rendered.",
        "A request that takes longer is cut off by the time-out: the alert would never fire.",
        "Write latencyP99 below {1}.",
        "https://prometheus.io/docs/practices/alerting/");

    /// <summary>An alert on certificates that are not yet due.</summary>
    public static readonly FindingRule ExpiryBeforeRotation = new(
        "VCM0143", FindingSeverity.Info,
        "Workload certificates are replaced when between {0} and {1} are left; the alert fires below {2}, not below {3}.",
        "A threshold above the time of rotation would fire for healthy certificates.",
        "Nothing, or a longer lifetime or earlier rotation of certificates.",
        "https://istio.io/latest/docs/reference/commands/pilot-agent/");

    /// <summary>Counts that a restart clears.</summary>
    public static readonly FindingRule CountsInMemory = new(
        "VCM0144", FindingSeverity.Info,
        "The quotas are counted in a Redis of one pod; when it restarts, counting begins anew.",
        "No redisAddress is stated, so a Redis without storage is rendered.",
        "Write redisAddress where quotas must survive a restart.",
        RateLimits);

    /// <summary>A rule that only watches.</summary>
    public static readonly FindingRule NotEnforced = new(
        "VCM0145", FindingSeverity.Warning,
        "{0} is in mode SHADOW: nothing is refused.",
        "In this mode everything is evaluated and counted only, to see what would be refused.",
        "Write mode: ENFORCE when nothing wanted would be refused.",
        "https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/");

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        SharedIdentity, NobodyCalls, PlainTextRefused, IdentityMissing, RateLimitShared, RateLimitTooSmall, RateLimitPerPort, TenantUnknown,
        TenantAboveService, RateLimitsOff, QuotaWithoutIngress, LatencyBeyondTimeout, ExpiryBeforeRotation, CountsInMemory, NotEnforced,
    ];
}
