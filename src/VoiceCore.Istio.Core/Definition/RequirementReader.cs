using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Reads zero trust, rate limits and alerts of a definition; each part may be missing.</summary>
internal static class RequirementReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    internal static ZeroTrustDefinition? ZeroTrust(MappingReader? reader)
    {
        var defaults = new ZeroTrustDefinition();
        return reader is null ? null : Ended(reader, trust => new ZeroTrustDefinition
        {
            Mode = trust.Choice<EnforcementMode>("mode") ?? defaults.Mode,
            Observers = trust.Texts("observers", TextRule.Account) ?? defaults.Observers,
        });
    }

    internal static RateLimitSettings? RateLimits(MappingReader? reader)
    {
        var defaults = new RateLimitSettings();
        return reader is null ? null : Ended(reader, limits => new RateLimitSettings
        {
            Mode = limits.Choice<EnforcementMode>("mode") ?? defaults.Mode,
            Tenant = Tenant(limits.Mapping("tenant")),
            Quotas = Quotas(limits.Mapping("quotas")),
        });
    }

    internal static ServiceRateLimit? RateLimit(MappingReader? reader) => reader is null ? null : Ended(reader, limit => new ServiceRateLimit
    {
        Requests = limit.RequiredInteger("requests", 1, int.MaxValue),
        Interval = limit.Duration("interval", Second, Day) ?? TimeSpan.FromMinutes(1),
        Tenants = limit.Integers("tenants", TextRule.Token, 1, int.MaxValue),
    });

    internal static AlertDefinition? Alerts(MappingReader? reader)
    {
        var defaults = new AlertDefinition { Namespace = "" };
        return reader is null ? null : Ended(reader, alerts => new AlertDefinition
        {
            Namespace = alerts.RequiredText("namespace", TextRule.DnsLabel),
            Labels = alerts.Texts("labels", TextRule.LabelKey, TextRule.LabelValue),
            CertificateExpiry = alerts.Duration("certificateExpiry", Second, TimeSpan.FromDays(3650)) ?? defaults.CertificateExpiry,
            ErrorPercentage = alerts.Number("errorPercentage", 0.001, 99.999) ?? defaults.ErrorPercentage,
            LatencyP99 = alerts.Duration("latencyP99", TimeSpan.FromMilliseconds(1), Day) ?? defaults.LatencyP99,
            PodRestarts = alerts.Integer("podRestarts", 1, 1000) ?? defaults.PodRestarts,
        });
    }

    private static TenantIdentity? Tenant(MappingReader? reader)
    {
        var defaults = new TenantIdentity { Issuer = "" };
        return reader is null ? null : Ended(reader, tenant => new TenantIdentity
        {
            Issuer = tenant.RequiredText("issuer", TextRule.Token),
            JwksUri = tenant.Text("jwksUri", TextRule.HttpAddress),
            Audiences = tenant.Texts("audiences", TextRule.Token) ?? defaults.Audiences,
            Claim = tenant.Text("claim", TextRule.Token) ?? defaults.Claim,
            Header = tenant.Text("header", TextRule.HeaderName) ?? defaults.Header,
            PublicPaths = tenant.Texts("publicPaths", TextRule.PolicyPath) ?? defaults.PublicPaths,
        });
    }

    private static QuotaSettings? Quotas(MappingReader? reader)
    {
        var defaults = new QuotaSettings();
        return reader is null ? null : Ended(reader, quotas => new QuotaSettings
        {
            Image = quotas.Text("image", TextRule.Image) ?? defaults.Image,
            RedisImage = quotas.Text("redisImage", TextRule.Image) ?? defaults.RedisImage,
            RedisAddress = quotas.Text("redisAddress", TextRule.HostPort),
            DenyOnFailure = quotas.Boolean("denyOnFailure") ?? defaults.DenyOnFailure,
            Timeout = quotas.Duration("timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)) ?? defaults.Timeout,
            Limits = Limits(quotas.RequiredMapping("limits", "a mapping from names to quotas")),
        });
    }

    private static Quota[] Limits(MappingReader? reader) => reader is null ? [] :
    [
        .. reader.Parts(TextRule.DnsLabel).Select(part => Ended(part.Part, quota => new Quota
        {
            Name = part.Name,
            Requests = quota.RequiredInteger("requests", 1, int.MaxValue),
            Unit = quota.RequiredChoice<QuotaUnit>("unit"),
            PathPrefix = quota.Text("pathPrefix", TextRule.HttpPath),
            Tenants = quota.Integers("tenants", TextRule.Token, 1, int.MaxValue),
        })),
    ];
}
