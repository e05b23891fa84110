using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>What is said about zero trust, rate limits and alerts of a definition.</summary>
public sealed class RequirementRulesTests
{
    private static readonly MeshDefinition Shop = Examples.Shop;

    [Fact]
    public void Services_that_share_an_account_cannot_be_told_apart() =>
        Assert.Contains("web, cart", Single("VCM0131", WithService("web", service => service with { ServiceAccount = "cart-service" })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_service_without_callers_is_named() =>
        Assert.Equal("services.web", Single("VCM0132", WithService("web", service => service with { Callers = [] })).Subject);

    [Theory]
    [InlineData(MtlsMode.Permissive, "VCM0133", FindingSeverity.Warning)]
    [InlineData(MtlsMode.Disable, "VCM0134", FindingSeverity.Error)]
    public void Callers_need_an_identity(MtlsMode mode, string code, FindingSeverity severity)
    {
        Assert.Equal(severity, Single(code, WithService("web", service => service with { Mtls = mode })).Severity);
        Assert.Empty(Codes(WithService("web", service => service with { Mtls = mode }) with { ZeroTrust = new ZeroTrustDefinition { Mode = EnforcementMode.Off } }, code));
    }

    [Fact]
    public void The_share_of_a_pod_is_told_with_what_the_service_admits() =>
        Assert.Equal(
            "Each pod admits 5000 of 30000 requests per 1m: 10000 in all with 2 pods, 30000 with 6.",
            Assert.Single(DefinitionRules.Check(Shop), finding => finding is { Code: "VCM0135", Subject: "services.web.rateLimit" }).Message);

    [Theory]
    [InlineData(5, "VCM0136")]
    [InlineData(300, "VCM0139")]
    public void A_limit_that_does_not_work_out_is_named(int requests, string code) =>
        Assert.NotEmpty(Codes(WithService("web", service => service with { RateLimit = service.RateLimit! with { Requests = requests } }), code));

    [Fact]
    public void Each_port_counts_by_itself() =>
        Assert.NotEmpty(Codes(WithService("web", service => service with { Ports = [.. service.Ports, new ServicePort("admin", 81, 8081, ServiceProtocol.Http)] }), "VCM0137"));

    [Fact]
    public void A_limit_needs_HTTP() =>
        Assert.NotEmpty(Codes(WithService("payment", service => service with { Ports = [new ServicePort("tcp", 80, 8080, ServiceProtocol.Tcp)], Timeout = null, Retries = null }), "VCM0121"));

    [Fact]
    public void Tenants_must_be_known()
    {
        var unknown = Shop with { RateLimits = Shop.RateLimits! with { Tenant = null } };

        Assert.Equal(["rateLimits.quotas", "services.web.rateLimit.tenants"], Codes(unknown, "VCM0138").Select(finding => finding.Subject).Order());
    }

    [Fact]
    public void Tenants_and_quotas_need_a_gateway() =>
        Assert.Equal(2, Codes(Shop with { Ingress = null }, "VCM0141").Count);

    [Fact]
    public void Limits_that_are_off_are_told() =>
        Assert.Equal(2, Codes(Shop with { RateLimits = null }, "VCM0140").Count);

    [Fact]
    public void A_mode_that_only_watches_is_told() =>
        Assert.Equal(
            ["rateLimits.mode", "zeroTrust.mode"],
            Codes(
                Shop with { ZeroTrust = Shop.ZeroTrust! with { Mode = EnforcementMode.Shadow }, RateLimits = Shop.RateLimits! with { Mode = EnforcementMode.Shadow } },
                "VCM0145").Select(finding => finding.Subject).Order());

    [Fact]
    public void A_Redis_of_our_own_forgets() =>
        Assert.NotEmpty(Codes(Shop with { RateLimits = Shop.RateLimits! with { Quotas = Shop.RateLimits.Quotas! with { RedisAddress = null } } }, "VCM0144"));

    [Theory]
    [InlineData(25, 20)]
    [InlineData(20, 20)]
    [InlineData(5, 5)]
    public void A_latency_threshold_is_never_above_the_time_out(int asked, int rendered)
    {
        var definition = WithService("payment", service => service with { LatencyP99 = TimeSpan.FromSeconds(asked) });

        Assert.Equal(TimeSpan.FromSeconds(rendered), definition.Alerts!.LatencyOf(definition.Services[2]));
        Assert.Equal(asked == rendered ? 0 : 1, Codes(definition, "VCM0142").Count);
    }

    [Theory]
    [InlineData(2160, 216d, 168)]
    [InlineData(2160, 100d, 45)]
    [InlineData(24, null, 5.88)]
    public void The_threshold_of_certificates_is_below_their_rotation(double lifetime, double? grace, double hours)
    {
        var settings = CertificateSettings.Of(new CertificatePolicy
        {
            Lifetime = TimeSpan.FromHours(lifetime),
            GracePeriod = grace is { } period ? TimeSpan.FromHours(period) : null,
        });

        Assert.Equal(hours, new AlertDefinition { Namespace = "x" }.WorkloadExpiry(settings).TotalHours, 3);
    }

    private static MeshDefinition WithService(string name, Func<ServiceDefinition, ServiceDefinition> change) =>
        Shop with { Services = [.. Shop.Services.Select(service => service.Name == name ? change(service) : service)] };

    private static List<Finding> Codes(MeshDefinition definition, string code) =>
        [.. DefinitionRules.Check(definition).Where(finding => finding.Code == code)];

    private static Finding Single(string code, MeshDefinition definition) => Assert.Single(Codes(definition, code));
}
