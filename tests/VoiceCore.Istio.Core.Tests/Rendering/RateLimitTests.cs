using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Tests.Definition;

namespace VoiceCore.Istio.Core.Tests.Rendering;

/// <summary>
/// The filters as Envoy's documentation has them
/// (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/local_rate_limit_filter and rate_limit_filter).
/// </summary>
public sealed class RateLimitTests
{
    private static readonly RenderedMesh Shop = Render(Examples.Shop);

    [Fact]
    public void A_pod_keeps_its_share_on_the_routes_of_its_HTTP_ports()
    {
        var route = Filter(Shop, "web-rate-limit")["spec"]!["configPatches"]![1]!;

        Assert.Equal("inbound|http|80", (string?)route["match"]!["routeConfiguration"]!["vhost"]!["name"]);
        var limit = Limit(route);
        Assert.Equal("""{"max_tokens":5000,"tokens_per_fill":5000,"fill_interval":"60s"}""", limit["token_bucket"]!.ToJsonString());
        Assert.Equal(100, (int?)limit["filter_enabled"]!["default_value"]!["numerator"]);
        Assert.Equal(100, (int?)limit["filter_enforced"]!["default_value"]!["numerator"]);
    }

    [Fact]
    public void Shadow_counts_and_refuses_nothing()
    {
        var mesh = Render(Examples.Shop with { RateLimits = Examples.Shop.RateLimits! with { Mode = EnforcementMode.Shadow } });

        var limit = Limit(Filter(mesh, "web-rate-limit")["spec"]!["configPatches"]![1]!);
        Assert.Equal(100, (int?)limit["filter_enabled"]!["default_value"]!["numerator"]);
        Assert.Equal(0, (int?)limit["filter_enforced"]!["default_value"]!["numerator"]);
        Assert.Equal(3, Configuration(mesh).Split("shadow_mode: true").Length - 1);
        Assert.Equal("true", (string?)mesh.Objects.Single(item => item.Object.Name == "shop-gateway-tenant" && item.Object.Kind == "AuthorizationPolicy").Object.Json["metadata"]!["annotations"]!["istio.io/dry-run"]);
    }

    [Fact]
    public void A_tenant_is_known_by_the_header_that_the_gateway_writes_from_the_token()
    {
        var route = Filter(Shop, "web-rate-limit")["spec"]!["configPatches"]![1]!;

        Assert.Equal(
            """[{"actions":[{"request_headers":{"header_name":"x-merchant","descriptor_key":"tenant"}}]}]""",
            route["patch"]!["value"]!["route"]!["rate_limits"]!.ToJsonString());
        Assert.Equal("""[{"key":"tenant","value":"trial"}]""", Limit(route)["descriptors"]![0]!["entries"]!.ToJsonString());
        var authentication = Shop.Objects.Single(item => item.Object.Kind == "RequestAuthentication").Object;
        Assert.Equal("shop-ingress", authentication.Namespace);
        Assert.Equal("""[{"header":"x-merchant","claim":"merchant"}]""", authentication.Json["spec"]!["jwtRules"]![0]!["outputClaimToHeaders"]!.ToJsonString());
    }

    [Fact]
    public void Without_a_token_only_the_public_paths_are_open()
    {
        var policy = Shop.Objects.Single(item => item.Object.Kind == "AuthorizationPolicy" && item.Object.Name == "shop-gateway-tenant").Object.Json["spec"]!;

        Assert.Equal("DENY", (string?)policy["action"]);
        Assert.Equal("""["*"]""", policy["rules"]![0]!["from"]![0]!["source"]!["notRequestPrincipals"]!.ToJsonString());
        Assert.Equal("""["/health/*","/catalog/*"]""", policy["rules"]![0]!["to"]![0]!["operation"]!["notPaths"]!.ToJsonString());
    }

    [Fact]
    public void Each_quota_is_asked_for_by_a_descriptor_whose_last_entry_has_the_limit()
    {
        var asked = (JsonArray)Filter(Shop, "shop-gateway-quotas")["spec"]!["configPatches"]![1]!["patch"]!["value"]!["rate_limits"]!;

        Assert.Equal(2, asked.Count);
        Assert.All(asked, question => Assert.Equal("tenant", (string?)question!["actions"]![1]!["request_headers"]!["descriptor_key"]));
        Assert.Equal(
            """
            domain: shop
            descriptors:
            - key: generic_key
              value: all
              descriptors:
              - key: tenant
                value: big-merchant
                rate_limit:
                  unit: day
                  requests_per_unit: 1000000
              - key: tenant
                rate_limit:
                  unit: day
                  requests_per_unit: 100000
            - key: header_match
              value: checkout
              descriptors:
              - key: tenant
                rate_limit:
                  unit: minute
                  requests_per_unit: 60

            """.ReplaceLineEndings("\n"),
            Configuration(Shop));
    }

    [Fact]
    public void A_Redis_of_our_own_is_there_only_where_none_is_named()
    {
        var own = Render(Examples.Shop with { RateLimits = Examples.Shop.RateLimits! with { Quotas = Examples.Shop.RateLimits.Quotas! with { RedisAddress = null } } });

        Assert.DoesNotContain(Shop.Objects, item => item.Object.Name == "rate-limit-redis");
        Assert.Equal(
            ["AuthorizationPolicy", "Deployment", "Service", "ServiceAccount"],
            own.Objects.Where(item => item.Object.Name == "rate-limit-redis").Select(item => item.Object.Kind).Order());
    }

    [Theory]
    [InlineData(EnforcementMode.Off)]
    [InlineData(null)]
    public void Off_is_nothing(EnforcementMode? mode)
    {
        var mesh = Render(Examples.Shop with { RateLimits = mode is { } off ? Examples.Shop.RateLimits! with { Mode = off } : null });

        Assert.DoesNotContain(mesh.Objects, item => item.Object.Kind is "EnvoyFilter" or "RequestAuthentication" || item.Object.Name.StartsWith("rate-limit", StringComparison.Ordinal));
    }

    private static RenderedMesh Render(MeshDefinition definition) => MeshRenderer.Render(definition, new RenderOptions { Revision = "default" });

    private static JsonObject Filter(RenderedMesh mesh, string name) => mesh.Objects.Single(item => item.Object.Kind == "EnvoyFilter" && item.Object.Name == name).Object.Json;

    private static JsonNode Limit(JsonNode route) => route["patch"]!["value"]!["typed_per_filter_config"]!["envoy.filters.http.local_ratelimit"]!;

    private static string Configuration(RenderedMesh mesh) => (string)mesh.Objects.Single(item => item.Object.Kind == "ConfigMap").Object.Json["data"]!["config.yaml"]!;
}
