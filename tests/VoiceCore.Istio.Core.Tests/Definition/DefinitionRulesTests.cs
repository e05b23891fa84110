using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class DefinitionRulesTests
{
    [Fact]
    public void ADefinitionThatWorksHasNoFindings() => Assert.Empty(DefinitionRules.Check(Definition(Service())));

    [Fact]
    public void RetriesBeyondTheTimeout()
    {
        var service = Service() with { Retries = new RetryPolicy { Attempts = 3, PerTryTimeout = Seconds(10) } };
        var finding = Single(Definition(service), DefinitionFindings.RetriesBeyondTimeout);
        Assert.Equal("services.cart.retries", finding.Subject);
        Assert.Equal("4 tries of 10s take up to 40s, longer than the time-out of 30s; 7.5s per try is rendered.", finding.Message);
    }

    [Fact]
    public void RetriesThatFitAreNoConflict() =>
        Assert.Empty(DefinitionRules.Check(Definition(Service() with { Retries = new RetryPolicy { Attempts = 2, PerTryTimeout = Seconds(10) } })));

    [Theory]
    [InlineData("5xx", true)]
    [InlineData("gateway-error", true)]
    [InlineData("reset", true)]
    [InlineData("503", true)]
    [InlineData("connect-failure", false)]
    public void RetriesThatMayDoAThingTwice(string condition, bool found)
    {
        var service = Service() with { Retries = new RetryPolicy { Attempts = 1, RetryOn = [condition] } };
        Assert.Equal(found, Codes(Definition(service)).Contains(DefinitionFindings.UnsafeRetry.Code));
    }

    [Fact]
    public void MissingLimitOfRequests() =>
        Assert.Contains("100", Single(Definition(Service(breaker => breaker with { MaxRequests = null })), DefinitionFindings.RequestLimitMissing).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, 2, true)]
    [InlineData(10, 9, true)]
    [InlineData(10, 10, false)]
    [InlineData(33, 3, true)]
    [InlineData(34, 3, false)]
    [InlineData(50, 2, false)]
    public void EjectionThatCannotBe(int? percent, int minimum, bool found)
    {
        var service = Service(breaker => breaker with { MaxEjectionPercent = percent }) with { Replicas = new ReplicaRange(minimum, 20) };
        Assert.Equal(found, Codes(Definition(service)).Contains(DefinitionFindings.EjectionImpossible.Code));
    }

    [Fact]
    public void OneReplicaMayBeLeftOut() =>
        Single(Definition(Service(breaker => breaker with { MaxEjectionPercent = 100 }) with { Replicas = new ReplicaRange(1, 1) }), DefinitionFindings.OnlyReplicaEjected);

    [Fact]
    public void RotationAndGraceAreOneNumber()
    {
        var finding = Single(
            Definition(Service()) with { Mesh = Certificates(2160, 24, 216) }, DefinitionFindings.RotationConflict);
        Assert.Contains("it starts 216h before expiry, ratio 0.1", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RotationAndGraceThatAgree() =>
        Assert.DoesNotContain(DefinitionFindings.RotationConflict.Code, Codes(Definition(Service()) with { Mesh = Certificates(2160, 24, 24) }));

    [Fact]
    public void RotationBeforeTheCertificateIsIssued() =>
        Single(Definition(Service()) with { Mesh = Certificates(24, 48, null) }, DefinitionFindings.RangeReversed);

    [Theory]
    [InlineData(24, false, false)]
    [InlineData(2160, true, false)]
    [InlineData(2161, true, true)]
    public void LifetimesAndWhatIstiodGrants(int hours, bool isLong, bool beyond)
    {
        var codes = Codes(Definition(Service()) with { Mesh = Certificates(hours, null, null) });
        Assert.Equal(isLong, codes.Contains(DefinitionFindings.LongLifetime.Code));
        Assert.Equal(beyond, codes.Contains(DefinitionFindings.LifetimeBeyondMaximum.Code));
    }

    [Fact]
    public void TimeoutMissing() => Single(Definition(Service() with { Timeout = null }), DefinitionFindings.TimeoutMissing);

    [Fact]
    public void ImageMissing() => Single(Definition(Service() with { Image = null }), DefinitionFindings.ImageMissing);

    [Fact]
    public void RangeReversed() =>
        Assert.Equal(
            "services.cart.autoscaling.minReplicas",
            Single(Definition(Service() with { Replicas = new ReplicaRange(5, 2) }), DefinitionFindings.RangeReversed).Subject);

    [Theory]
    [InlineData("500m", "0.4", true)]
    [InlineData("500m", "0.5", false)]
    [InlineData("1", "1500m", false)]
    public void RequestBeyondLimit(string request, string limit, bool found)
    {
        var service = Service() with { Resources = new ResourceRequirements { CpuRequest = request, CpuLimit = limit } };
        Assert.Equal(found, Codes(Definition(service)).Contains(DefinitionFindings.RangeReversed.Code));
    }

    [Fact]
    public void AutoscalerWithoutRequest() =>
        Single(Definition(Service() with { Resources = new ResourceRequirements() }), DefinitionFindings.AutoscalerWithoutRequest);

    [Theory]
    [InlineData("cart", false)]
    [InlineData("observability/prometheus", false)]
    [InlineData("ingress", true)]
    [InlineData("nobody", true)]
    public void UnknownCaller(string caller, bool found) =>
        Assert.Equal(found, Codes(Definition(Service() with { Callers = [caller] })).Contains(DefinitionFindings.UnknownReference.Code));

    [Fact]
    public void UnknownNamespaces()
    {
        var definition = Definition(Service()) with { Namespaces = [], Ingress = Gateway() };
        Assert.Equal(
            ["controlPlane.namespace", "gateways.ingress.namespace", "mesh.rootNamespace", "namespace"],
            DefinitionRules.Check(definition).Where(finding => finding.Code == DefinitionFindings.UnknownReference.Code).Select(finding => finding.Subject!).Order());
    }

    [Fact]
    public void ServicesWithoutSidecars() =>
        Single(
            Definition(Service()) with { Namespaces = [new NamespaceDefinition("shop", false), new NamespaceDefinition("istio-system", false)] },
            DefinitionFindings.NamespaceNotInjected);

    [Fact]
    public void StrictUnderAMeshThatSendsPlainText() =>
        Single(
            Definition(Service() with { Mtls = MtlsMode.Strict }) with { Mesh = new MeshSettings { Mtls = MtlsMode.Disable } },
            DefinitionFindings.MtlsNeverSent);

    [Theory]
    [InlineData(8080, false)]
    [InlineData(80, true)]
    public void PortModesAreKeyedByTheContainersPort(int port, bool found)
    {
        var service = Service() with { PortMtls = new Dictionary<int, MtlsMode> { [port] = MtlsMode.Permissive } };
        Assert.Equal(found, Codes(Definition(service)).Contains(DefinitionFindings.PortMtlsWithoutPort.Code));
    }

    [Fact]
    public void APortTwice()
    {
        var service = Service() with
        {
            Ports = [new ServicePort("http", 80, 8080, ServiceProtocol.Http), new ServicePort("more", 80, 8081, ServiceProtocol.Http)],
        };
        Assert.Equal("services.cart.ports.more", Single(Definition(service), DefinitionFindings.PortTwice).Subject);
    }

    [Fact]
    public void RoutesForSomethingElseThanHttp() =>
        Single(
            Definition(Service() with { Ports = [new ServicePort("amqp", 5672, 5672, ServiceProtocol.Tcp)] }),
            DefinitionFindings.HttpOnly);

    [Fact]
    public void PlainIngress() => Single(Definition(Service()) with { Ingress = Gateway() }, DefinitionFindings.PlainIngress);

    [Fact]
    public void IngressWithCertificateBesideTheCa()
    {
        var gateway = Gateway() with
        {
            Ports =
            [
                new GatewayPort { Name = "http", Port = 80, HttpsRedirect = true },
                new GatewayPort { Name = "https", Port = 443, Protocol = ServiceProtocol.Https, CredentialName = "shop-tls" },
            ],
        };
        var codes = Codes(Definition(Service()) with { Ingress = gateway });
        Assert.DoesNotContain(DefinitionFindings.PlainIngress.Code, codes);
        Assert.Contains(DefinitionFindings.GatewayBesideCa.Code, codes);
    }

    [Theory]
    [InlineData(ServiceProtocol.Https, null, false, true)]
    [InlineData(ServiceProtocol.Http, "shop-tls", false, true)]
    [InlineData(ServiceProtocol.Https, "shop-tls", true, true)]
    [InlineData(ServiceProtocol.Https, "shop-tls", false, false)]
    [InlineData(ServiceProtocol.Http, null, true, false)]
    public void HttpsAndItsCertificateBelongTogether(ServiceProtocol protocol, string? credential, bool redirect, bool found)
    {
        var port = new GatewayPort { Name = "web", Port = 443, Protocol = protocol, CredentialName = credential, HttpsRedirect = redirect };
        var codes = Codes(Definition(Service()) with { Ingress = Gateway() with { Ports = [port] } });
        Assert.Equal(found, codes.Contains(DefinitionFindings.GatewayTlsMismatch.Code));
    }

    [Fact]
    public void UnknownBackend() =>
        Assert.Equal(
            "gateways.ingress.backend",
            Single(Definition(Service()) with { Ingress = Gateway() with { Backend = "nobody" } }, DefinitionFindings.UnknownReference).Subject);

    [Fact]
    public void EgressUnused() =>
        Single(Definition(Service()) with { Egress = Gateway() with { Backend = null, Hosts = [] } }, DefinitionFindings.EgressUnused);

    [Fact]
    public void EveryCodeIsThereOnce()
    {
        Assert.Equal(FindingCatalog.All.Count, FindingCatalog.All.Select(rule => rule.Code).Distinct().Count());
        Assert.All(FindingCatalog.All, rule => Assert.Matches("^VCM[0-9]{4}$", rule.Code));
    }

    private static Finding Single(MeshDefinition definition, FindingRule rule) =>
        Assert.Single(DefinitionRules.Check(definition), finding => finding.Code == rule.Code);

    private static List<string> Codes(MeshDefinition definition) => [.. DefinitionRules.Check(definition).Select(finding => finding.Code)];

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static MeshSettings Certificates(int lifetime, int? rotate, int? grace) => new()
    {
        Certificates = new CertificatePolicy
        {
            Lifetime = TimeSpan.FromHours(lifetime),
            RotateBefore = rotate is { } before ? TimeSpan.FromHours(before) : null,
            GracePeriod = grace is { } period ? TimeSpan.FromHours(period) : null,
        },
    };

    private static MeshDefinition Definition(ServiceDefinition service) => new()
    {
        Product = "shop",
        Namespace = "shop",
        Namespaces = [new NamespaceDefinition("shop", true), new NamespaceDefinition("istio-system", false)],
        ControlPlane = new ControlPlaneDefinition { Resources = new ResourceRequirements { CpuRequest = "500m" } },
        Services = [service],
    };

    private static GatewayDefinition Gateway() => new()
    {
        Name = "shop-gateway",
        Namespace = "istio-system",
        Resources = new ResourceRequirements { CpuRequest = "100m" },
        Ports = [new GatewayPort { Name = "http", Port = 80 }],
        Hosts = ["*"],
        Backend = "cart",
    };

    private static ServiceDefinition Service(Func<CircuitBreaker, CircuitBreaker>? change = null)
    {
        var breaker = new CircuitBreaker
        {
            MaxConnections = 100,
            MaxPendingRequests = 50,
            MaxRequests = 100,
            ConsecutiveErrors = 5,
            EjectionTime = Seconds(30),
            MaxEjectionPercent = 50,
        };
        return new ServiceDefinition
        {
            Name = "cart",
            ServiceAccount = "cart",
            Image = "registry.example.com/cart:1",
            Ports = [new ServicePort("http", 80, 8080, ServiceProtocol.Http)],
            Replicas = new ReplicaRange(2, 5),
            Resources = new ResourceRequirements { CpuRequest = "100m" },
            Timeout = Seconds(30),
            CircuitBreaker = change is null ? breaker : change(breaker),
        };
    }
}
