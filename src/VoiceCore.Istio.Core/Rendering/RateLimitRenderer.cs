using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Rate limits of services, each pod by itself (Envoy's <c>local_ratelimit</c>), and quotas of tenants, asked of the rate limit service at the
/// ingress gateway (<c>ratelimit</c>). Istio has no resource of its own for them: EnvoyFilters put Envoy's filters in.
/// Form: Istio's <c>samples/ratelimit</c>; https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/local_rate_limit_filter.
/// </summary>
internal static class RateLimitRenderer
{
    private const string TenantKey = "tenant";
    private const string LocalFilter = "envoy.filters.http.local_ratelimit";
    private const string LocalType = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

    // Explicit, because two filters of one workload that insert themselves relative to others need an order.
    private const int Priority = 10;

    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        if (definition.RateLimits is not { } limits || !((EnforcementMode?)limits.Mode).IsOn())
            yield break;

        foreach (var service in definition.Services.Where(service => service.RateLimit is not null))
        {
            yield return Filter(definition.Namespace, $"{service.Name}-rate-limit", new JsonObject { ["app"] = service.Name },
            [
                InsertFilter("SIDECAR_INBOUND", new JsonObject
                {
                    ["name"] = LocalFilter,
                    ["typed_config"] = new JsonObject { ["@type"] = LocalType, ["stat_prefix"] = "http_local_rate_limiter" },
                }),
                .. service.Ports.Where(port => port.Protocol.IsHttp()).Select(port => LimitRoutes(service, port, limits)),
            ]);
        }

        if (limits.Tenant is not { } tenant || definition.Ingress is not { } ingress)
            yield break;

        yield return manifest.Object(
            ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "RequestAuthentication", ingress.Namespace, $"{ingress.Name}-tenant",
            new JsonObject { ["spec"] = Authentication(tenant, ingress) });
        yield return manifest.Object(
            ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "AuthorizationPolicy", ingress.Namespace, $"{ingress.Name}-tenant",
            new JsonObject { ["spec"] = TokenRequired(tenant, ingress) }, annotations: ZeroTrustRenderer.DryRun(limits.Mode));
        if (limits.Quotas is { } quotas)
        {
            yield return Filter(ingress.Namespace, $"{ingress.Name}-quotas", GatewayRenderer.Selector(ingress),
            [
                InsertFilter("GATEWAY", QuotaFilter(definition, quotas)),
                AskForQuotas(quotas, tenant),
            ]);
        }

        RenderedObject Filter(string ns, string name, JsonObject labels, IEnumerable<JsonObject> patches) => manifest.Object(
            ManifestRole.Policy, "networking.istio.io/v1alpha3", "EnvoyFilter", ns, name, new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["workloadSelector"] = new JsonObject { ["labels"] = labels },
                    ["priority"] = Priority,
                    ["configPatches"] = new JsonArray([.. patches]),
                },
            });
    }

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

    // Before the router, so that what authorization refuses does not use up the limit.
    private static JsonObject InsertFilter(string context, JsonObject filter) => new()
    {
        ["applyTo"] = "HTTP_FILTER",
        ["match"] = new JsonObject
        {
            ["context"] = context,
            ["listener"] = new JsonObject
            {
                ["filterChain"] = new JsonObject
                {
                    ["filter"] = new JsonObject
                    {
                        ["name"] = "envoy.filters.network.http_connection_manager",
                        ["subFilter"] = new JsonObject { ["name"] = "envoy.filters.http.router" },
                    },
                },
            },
        },
        ["patch"] = new JsonObject { ["operation"] = "INSERT_BEFORE", ["value"] = filter },
    };

    private static JsonObject LimitRoutes(ServiceDefinition service, ServicePort port, RateLimitSettings limits)
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
                    ["route"] = tenants is null ? null : new JsonObject { ["rate_limits"] = new JsonArray(new JsonObject { ["actions"] = new JsonArray(TenantAction(tenants)) }) },
                    ["typed_per_filter_config"] = new JsonObject
                    {
                        [LocalFilter] = new JsonObject
                        {
                            ["@type"] = LocalType,
                            ["stat_prefix"] = $"{service.Name}_rate_limit",
                            ["token_bucket"] = Bucket(limit.Requests, service, limit),
                            ["enable_x_ratelimit_headers"] = "DRAFT_VERSION_03",
                            ["filter_enabled"] = Percentage("local_rate_limit_enabled", 100),
                            ["filter_enforced"] = Percentage("local_rate_limit_enforced", limits.Mode == EnforcementMode.Enforce ? 100 : 0),
                            ["descriptors"] = tenants is null ? null : new JsonArray([.. limit.Tenants.Select(tenant => new JsonObject
                            {
                                ["entries"] = new JsonArray(new JsonObject { ["key"] = TenantKey, ["value"] = tenant.Key }),
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

    private static JsonObject TenantAction(TenantIdentity tenant) => new()
    {
        ["request_headers"] = new JsonObject { ["header_name"] = tenant.Header, ["descriptor_key"] = TenantKey },
    };

    private static JsonObject Authentication(TenantIdentity tenant, GatewayDefinition ingress) => new()
    {
        ["selector"] = new JsonObject { ["matchLabels"] = GatewayRenderer.Selector(ingress) },
        ["jwtRules"] = new JsonArray(new JsonObject
        {
            ["issuer"] = tenant.Issuer,
            ["jwksUri"] = tenant.JwksUri,
            ["audiences"] = tenant.Audiences.Count == 0 ? null : new JsonArray([.. tenant.Audiences.Select(audience => JsonValue.Create(audience))]),
            ["forwardOriginalToken"] = true,
            ["outputClaimToHeaders"] = new JsonArray(new JsonObject { ["header"] = tenant.Header, ["claim"] = tenant.Claim }),
        }),
    };

    // Without it a client would get round its quota by leaving the token out.
    private static JsonObject TokenRequired(TenantIdentity tenant, GatewayDefinition ingress) => new()
    {
        ["selector"] = new JsonObject { ["matchLabels"] = GatewayRenderer.Selector(ingress) },
        ["action"] = "DENY",
        ["rules"] = new JsonArray(new JsonObject
        {
            ["from"] = new JsonArray(new JsonObject { ["source"] = new JsonObject { ["notRequestPrincipals"] = new JsonArray("*") } }),
            ["to"] = tenant.PublicPaths.Count == 0 ? null : new JsonArray(new JsonObject
            {
                ["operation"] = new JsonObject { ["notPaths"] = new JsonArray([.. tenant.PublicPaths.Select(path => JsonValue.Create(path))]) },
            }),
        }),
    };

    private static JsonObject QuotaFilter(MeshDefinition definition, QuotaSettings quotas)
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
    private static JsonObject AskForQuotas(QuotaSettings quotas, TenantIdentity tenant) => new()
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
                    ["actions"] = new JsonArray(QuotaAction(quota), TenantAction(tenant)),
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
        ["key"] = TenantKey,
        ["value"] = tenant,
        ["rate_limit"] = new JsonObject { ["unit"] = unit.Text().ToLowerInvariant(), ["requests_per_unit"] = requests },
        ["shadow_mode"] = mode == EnforcementMode.Shadow ? true : null,
    };
}
