using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Envoy's <c>local_ratelimit</c>: each pod counts by itself.
/// Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/local_rate_limit_filter.
/// </summary>
internal static class LocalRateLimit
{
    private const string Name = "envoy.filters.http.local_ratelimit";
    private const string Type = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

    /// <summary>The filter, which limits nothing by itself: the routes have the limits.</summary>
    internal static JsonObject Filter() => new()
    {
        ["name"] = Name,
        ["typed_config"] = new JsonObject { ["@type"] = Type, ["stat_prefix"] = "http_local_rate_limiter" },
    };

    /// <summary>The limits of a service on the routes of one of its ports.</summary>
    internal static JsonObject OfRoutes(ServiceDefinition service, ServicePort port, RateLimitSettings limits)
    {
        var limit = service.RateLimit!;
        var tenants = limits.Tenant is { } identity && limit.Tenants.Count > 0 ? identity : null;
        return new JsonObject
        {
            ["applyTo"] = "HTTP_ROUTE",
            ["match"] = new JsonObject
            {
                ["context"] = "SIDECAR_INBOUND",
                ["routeConfiguration"] = new JsonObject
                {
                    ["vhost"] = new JsonObject
                    {
                        ["name"] = string.Create(CultureInfo.InvariantCulture, $"inbound|http|{port.Port}"),
                        ["route"] = new JsonObject { ["action"] = "ANY" },
                    },
                },
            },
            ["patch"] = new JsonObject
            {
                ["operation"] = "MERGE",
                ["value"] = new JsonObject
                {
                    ["route"] = tenants is null ? null : new JsonObject { ["rate_limits"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray(TenantPolicies.Action(tenants)) }) },
                    ["typed_per_filter_config"] = new JsonObject
                    {
                        [Name] = new JsonObject
                        {
                            ["@type"] = Type,
                            ["stat_prefix"] = $"{service.Name}_rate_limit",
                            ["token_bucket"] = Bucket(limit.Requests, service, limit),
                            ["enable_x_ratelimit_headers"] = "DRAFT_VERSION_03",
                            ["filter_enabled"] = Percentage("local_rate_limit_enabled", 100),
                            ["filter_enforced"] = Percentage("local_rate_limit_enforced", limits.Mode == EnforcementMode.Enforce ? 100 : 0),
                            ["descriptors"] = tenants is null ? null : new JsonArray([.. limit.Tenants.Select(tenant => new JsonObject
                            {
                                ["entries"] = new JsonArray(new JsonObject { ["key"] = TenantPolicies.Key, ["value"] = tenant.Key }),
                                ["token_bucket"] = Bucket(tenant.Value, service, limit),
                            })]),
                        },
                    },
                },
            },
        };
    }

    private static JsonObject Bucket(int requests, ServiceDefinition service, ServiceRateLimit limit)
    {
        var share = new RateLimitShare(requests, service.Replicas.Maximum);
        return new JsonObject
        {
            ["max_tokens"] = share.PerPod,
            ["tokens_per_fill"] = share.PerPod,
            ["fill_interval"] = MeshDuration.FormatSeconds(limit.Interval),
        };
    }

    private static JsonObject Percentage(string key, int percent) => new()
    {
        ["runtime_key"] = key,
        ["default_value"] = new JsonObject { ["numerator"] = percent, ["denominator"] = "HUNDRED" },
    };
}
