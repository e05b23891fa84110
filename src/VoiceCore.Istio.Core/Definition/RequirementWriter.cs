using System.Text.Json.Nodes;
using static VoiceCore.Istio.Core.Definition.MeshDefinitionWriter;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Writes what <see cref="RequirementReader"/> reads.</summary>
internal static class RequirementWriter
{
    internal static JsonObject? ZeroTrust(ZeroTrustDefinition? trust) => trust is null ? null : new JsonObject
    {
        ["mode"] = trust.Mode.Text(),
        ["observers"] = Texts(trust.Observers),
    };

    internal static JsonObject? RateLimits(RateLimitSettings? limits) => limits is null ? null : new JsonObject
    {
        ["mode"] = limits.Mode.Text(),
        ["tenant"] = limits.Tenant is not { } tenant ? null : new JsonObject
        {
            ["issuer"] = tenant.Issuer,
            ["jwksUri"] = tenant.JwksUri,
            ["audiences"] = Texts(tenant.Audiences),
            ["claim"] = tenant.Claim,
            ["header"] = tenant.Header,
            ["publicPaths"] = Texts(tenant.PublicPaths),
        },
        ["quotas"] = limits.Quotas is not { } quotas ? null : new JsonObject
        {
            ["image"] = quotas.Image,
            ["redisImage"] = quotas.RedisImage,
            ["redisAddress"] = quotas.RedisAddress,
            ["denyOnFailure"] = quotas.DenyOnFailure,
            ["timeout"] = Duration(quotas.Timeout),
            ["limits"] = Named(quotas.Limits, quota => quota.Name, quota => new JsonObject
            {
                ["requests"] = quota.Requests,
                ["unit"] = quota.Unit.Text(),
                ["pathPrefix"] = quota.PathPrefix,
                ["tenants"] = Numbers(quota.Tenants),
            }),
        },
    };

    internal static JsonObject? RateLimit(ServiceRateLimit? limit) => limit is null ? null : new JsonObject
    {
        ["requests"] = limit.Requests,
        ["interval"] = Duration(limit.Interval),
        ["tenants"] = Numbers(limit.Tenants),
    };

    internal static JsonObject? Alerts(AlertDefinition? alerts) => alerts is null ? null : new JsonObject
    {
        ["namespace"] = alerts.Namespace,
        ["labels"] = alerts.Labels.Count == 0 ? null : Named(alerts.Labels, label => label.Key, label => label.Value),
        ["certificateExpiry"] = Duration(alerts.CertificateExpiry),
        ["errorPercentage"] = alerts.ErrorPercentage,
        ["latencyP99"] = Duration(alerts.LatencyP99),
        ["podRestarts"] = alerts.PodRestarts,
    };

    private static JsonObject? Numbers(IReadOnlyDictionary<string, int> numbers) =>
        numbers.Count == 0 ? null : Named(numbers, number => number.Key, number => number.Value);
}
