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
                InsertFilter("SIDECAR_INBOUND", LocalRateLimit.Filter()),
                .. service.Ports.Where(port => port.Protocol.IsHttp()).Select(port => LocalRateLimit.OfRoutes(service, port, limits)),
            ]);
        }

        if (limits.Tenant is not { } tenant || definition.Ingress is not { } ingress)
            yield break;

        yield return manifest.Object(
            ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "RequestAuthentication", ingress.Namespace, $"{ingress.Name}-tenant",
            new JsonObject { ["spec"] = TenantPolicies.Authentication(tenant, ingress) });
        yield return manifest.Object(
            ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "AuthorizationPolicy", ingress.Namespace, $"{ingress.Name}-tenant",
            new JsonObject { ["spec"] = TenantPolicies.TokenRequired(tenant, ingress) }, annotations: ZeroTrustRenderer.DryRun(limits.Mode));
        if (limits.Quotas is { } quotas)
        {
            yield return Filter(ingress.Namespace, $"{ingress.Name}-quotas", GatewayRenderer.Selector(ingress),
            [
                InsertFilter("GATEWAY", QuotaRequest.Filter(definition, quotas)),
                QuotaRequest.OfRoutes(quotas, tenant),
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
}
