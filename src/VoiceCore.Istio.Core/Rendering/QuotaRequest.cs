using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>Quotas of tenants: what the gateway asks of Envoy's rate limit service, and what that service is told to count.</summary>
internal static class QuotaRequest
{
    /// <summary>The configuration of the rate limit service. Each quota has a branch of its own, by its name; below it, tenants.</summary>
    internal static JsonObject ServiceConfiguration(MeshDefinition definition)
    {
        var limits = definition.RateLimits!;
        return new JsonObject
        {
            ["domain"] = definition.Product,
            ["descriptors"] = new JsonArray([.. limits.Quotas!.Limits.Select(quota => new JsonObject
            {
                ["key"] = QuotaKey(quota),
                ["value"] = quota.Name,
                ["descriptors"] = new JsonArray(
                [
                    .. quota.Tenants.Select(tenant => TenantDescriptor(tenant.Key, tenant.Value, quota.Unit, limits.Mode)),
                    // Without a value: every other tenant, each with a count of its own.
                    TenantDescriptor(null, quota.Requests, quota.Unit, limits.Mode),
                ]),
            })]),
        };
    }

    /// <summary>The filter of the gateway that asks.</summary>
    internal static JsonObject Filter(MeshDefinition definition, QuotaSettings quotas)
    {
        var host = $"{RateLimitServiceRenderer.Name}.{definition.Namespace}.svc.{definition.Mesh.ClusterDomain}";
        return new JsonObject
        {
            ["name"] = "envoy.filters.http.ratelimit",
            ["typed_config"] = new JsonObject
            {
                ["@type"] = "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit",
                ["domain"] = definition.Product,
                ["failure_mode_deny"] = quotas.DenyOnFailure,
                ["timeout"] = MeshDuration.FormatSeconds(quotas.Timeout),
                ["enable_x_ratelimit_headers"] = "DRAFT_VERSION_03",
                ["rate_limit_service"] = new JsonObject
                {
                    ["transport_api_version"] = "V3",
                    ["grpc_service"] = new JsonObject
                    {
                        ["envoy_grpc"] = new JsonObject
                        {
                            ["cluster_name"] = string.Create(CultureInfo.InvariantCulture, $"outbound|{RateLimitServiceRenderer.Port}||{host}"),
                            ["authority"] = host,
                        },
                    },
                },
            },
        };
    }

    // One question for each quota: the service counts a descriptor only where its last entry has a limit.
    internal static JsonObject OfRoutes(QuotaSettings quotas, TenantIdentity tenant) => new()
    {
        ["applyTo"] = "VIRTUAL_HOST",
        ["match"] = new JsonObject
        {
            ["context"] = "GATEWAY",
            ["routeConfiguration"] = new JsonObject { ["vhost"] = new JsonObject { ["route"] = new JsonObject { ["action"] = "ANY" } } },
        },
        ["patch"] = new JsonObject
        {
            ["operation"] = "MERGE",
            ["value"] = new JsonObject
            {
                ["rate_limits"] = new JsonArray([.. quotas.Limits.Select(quota => new JsonObject
                {
                    ["actions"] = new JsonArray(QuotaAction(quota), TenantPolicies.Action(tenant)),
                })]),
            },
        },
    };

    private static JsonObject QuotaAction(Quota quota) => quota.PathPrefix is null
        ? new JsonObject { ["generic_key"] = new JsonObject { ["descriptor_value"] = quota.Name } }
        : new JsonObject
        {
            ["header_value_match"] = new JsonObject
            {
                ["descriptor_value"] = quota.Name,
                ["headers"] = new JsonArray(new JsonObject
                {
                    ["name"] = ":path",
                    ["string_match"] = new JsonObject { ["prefix"] = quota.PathPrefix },
                }),
            },
        };

    // The keys that Envoy gives these two actions.
    private static string QuotaKey(Quota quota) => quota.PathPrefix is null ? "generic_key" : "header_match";

    private static JsonObject TenantDescriptor(string? tenant, int requests, QuotaUnit unit, EnforcementMode mode) => new()
    {
        ["key"] = TenantPolicies.Key,
        ["value"] = tenant,
        ["rate_limit"] = new JsonObject { ["unit"] = unit.Text().ToLowerInvariant(), ["requests_per_unit"] = requests },
        ["shadow_mode"] = mode == EnforcementMode.Shadow ? true : null,
    };
}
