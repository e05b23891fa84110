using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>Random definitions that are valid: every key may be there or not, every value is one that the reader accepts.</summary>
internal static class MeshDefinitions
{
    private static readonly Gen<string> Name =
        Gen.Select(Gen.Char['a', 'z'], Gen.String[Gen.Char["abcxyz019-"], 0, 8], Gen.Char["az09"], (first, middle, last) => $"{first}{middle}{last}");

    private static readonly Gen<TimeSpan> Duration = Gen.Int[1, 3_600_000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Gen<ReplicaRange> Replicas =
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 20], Gen.Int[1, 100], (minimum, more, target) =>
            more == 0 ? new ReplicaRange(minimum, minimum) : new ReplicaRange(minimum, minimum + more, target));

    private static readonly Gen<ResourceRequirements> Resources =
        Gen.Select(Gen.Int[1, 9].Select(cores => $"{cores}00m"), Optional(Gen.Int[1, 64].Select(size => $"{size}Mi")), Gen.Bool, (cpu, memory, limits) =>
            new ResourceRequirements { CpuRequest = cpu, MemoryRequest = memory, CpuLimit = limits ? "2" : null, MemoryLimit = limits ? "1Gi" : null });

    private static readonly Gen<MtlsMode> Mtls = Gen.Enum<MtlsMode>().Where(mode => mode != MtlsMode.Strict);

    internal static readonly Gen<CircuitBreaker> CircuitBreakers =
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 10_000], OptionalInt(1, 10_000), Gen.Int[1, 100], Duration, Duration, OptionalInt(1, 100),
            (connections, pending, requests, errors, interval, ejection, percent) => new CircuitBreaker
            {
                MaxConnections = connections,
                MaxPendingRequests = pending,
                MaxRequests = requests,
                ConsecutiveErrors = errors,
                Interval = interval,
                EjectionTime = ejection,
                MaxEjectionPercent = percent,
            });

    internal static readonly Gen<RetryPolicy> Retries =
        Gen.Select(Gen.Int[0, 100], OptionalDuration(), Gen.Bool, (attempts, perTry, own) => new RetryPolicy
        {
            Attempts = attempts,
            PerTryTimeout = perTry,
            RetryOn = own ? ["5xx", "reset"] : RetryPolicy.SafeConditions,
        });

    private static readonly Gen<IReadOnlyDictionary<string, int>> Tenants =
        Gen.Select(Name, Gen.Int[1, 1000]).Array[0, 3].Select(tenants =>
            (IReadOnlyDictionary<string, int>)new SortedDictionary<string, int>(tenants.DistinctBy(tenant => tenant.Item1).ToDictionary(tenant => tenant.Item1, tenant => tenant.Item2)));

    private static readonly Gen<ServiceRateLimit> RateLimit =
        Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 86_400], Tenants, (requests, seconds, tenants) =>
            new ServiceRateLimit { Requests = requests, Interval = TimeSpan.FromSeconds(seconds), Tenants = tenants });

    private static readonly Gen<ZeroTrustDefinition> ZeroTrust =
        Gen.Select(Gen.Enum<EnforcementMode>(), Gen.Bool, (mode, observed) => new ZeroTrustDefinition { Mode = mode, Observers = observed ? ["monitoring/prometheus"] : [] });

    private static readonly Gen<AlertDefinition> Alerts =
        Gen.Select(Gen.Bool, Gen.Int[1, 1000], Gen.Int[1, 99], Duration, Gen.Int[1, 100], (labels, hours, errors, latency, restarts) => new AlertDefinition
        {
            Namespace = "mesh",
            Labels = labels ? new SortedDictionary<string, string> { ["example.com/team"] = "yes", ["release"] = "1.0" } : new SortedDictionary<string, string>(),
            CertificateExpiry = TimeSpan.FromHours(hours),
            ErrorPercentage = errors / 2.0 + 0.25,
            LatencyP99 = latency,
            PodRestarts = restarts,
        });

    private static readonly Gen<RateLimitSettings> RateLimits =
        Gen.Select(Gen.Enum<EnforcementMode>(), Gen.Bool, Gen.Bool, Gen.Enum<QuotaUnit>(), Tenants, (mode, more, quotas, unit, tenants) => new RateLimitSettings
        {
            Mode = mode,
            Tenant = new TenantIdentity
            {
                Issuer = "https://login.example.com/",
                JwksUri = more ? "https://login.example.com/keys" : null,
                Audiences = more ? ["a", "b"] : [],
                PublicPaths = more ? ["/health/*", "/yes"] : [],
            },
            Quotas = quotas ? new QuotaSettings
            {
                RedisAddress = more ? "redis.data.svc.cluster.local:6379" : null,
                DenyOnFailure = more,
                Limits = [new Quota { Name = "all", Requests = 7, Unit = unit, Tenants = tenants }, new Quota { Name = "on", Requests = 1, Unit = unit, PathPrefix = "/v1" }],
            }
            : null,
        });

    private static readonly Gen<ServiceDefinition> Service =
        Gen.Select(
            Gen.Select(Name, Gen.Int[1, 3], Replicas, Resources, Optional(Name.Select(tag => $"registry.example.com/{tag}:1e3"))),
            Gen.Select(Gen.Bool, Gen.Bool, Gen.Enum<LoadBalancing>(), Gen.Bool, Optional(CircuitBreakers)),
            Gen.Select(OptionalDuration(), Optional(Retries), Gen.Bool, OptionalMode(), Mtls),
            Gen.Select(Optional(RateLimit), OptionalDuration()),
            (workload, shape, routes, requirements) =>
            {
                var (account, ports, replicas, resources, image) = workload;
                var (metrics, health, balancing, failover, breaker) = shape;
                var (timeout, retries, caller, mode, portMode) = routes;
                return new ServiceDefinition
                {
                    Name = "placeholder",
                    ServiceAccount = account,
                    Image = image,
                    Ports = [.. Enumerable.Range(0, ports).Select(i => new ServicePort($"http-{i}", 80 + i, 8080 + i, (ServiceProtocol)(i % 3)))],
                    Replicas = replicas,
                    Resources = resources,
                    Metrics = metrics ? new MetricsEndpoint(9090, "/metrics") : null,
                    Health = health ? new HealthEndpoint(8080, "/live", "/ready") : null,
                    Mtls = mode,
                    PortMtls = failover ? new SortedDictionary<int, MtlsMode> { [8080] = portMode } : new SortedDictionary<int, MtlsMode>(),
                    LoadBalancing = balancing,
                    LocalityFailover = failover,
                    CircuitBreaker = breaker,
                    Timeout = timeout,
                    Retries = retries,
                    RateLimit = requirements.Item1,
                    LatencyP99 = requirements.Item2,
                    Callers = caller ? ["observability/prometheus"] : [],
                };
            });

    /// <summary>A whole definition.</summary>
    internal static readonly Gen<MeshDefinition> All =
        Gen.Select(
            Service.Array[1, 4], Name, OptionalMode(), Gen.Bool, Gen.Bool, Replicas, Resources,
            Gen.Select(Gen.Double[0, 100], Optional(ZeroTrust), Optional(RateLimits), Optional(Alerts)),
            (services, product, mode, ingress, tls, replicas, resources, requirements) => Consistent(new MeshDefinition
            {
                Product = product,
                Namespace = "apps",
                Namespaces = [new NamespaceDefinition("apps", true), new NamespaceDefinition("mesh", false), new NamespaceDefinition("true", false)],
                Mesh = new MeshSettings
                {
                    RootNamespace = "mesh",
                    Mtls = mode ?? MtlsMode.Strict,
                    Certificates = tls ? new CertificatePolicy { Lifetime = TimeSpan.FromHours(100), GracePeriod = TimeSpan.FromHours(7) } : new CertificatePolicy(),
                    Tracing = tls ? new TracingDefinition { SamplingPercentage = Math.Round(requirements.Item1, 3), Service = "otel.mesh.svc.cluster.local" } : null,
                    AccessLog = ingress ? new AccessLogDefinition { Encoding = AccessLogEncoding.Text } : null,
                },
                ControlPlane = new ControlPlaneDefinition
                {
                    Namespace = "mesh",
                    Hub = tls ? "registry.example.com/istio" : null,
                    Replicas = replicas,
                    Resources = resources,
                    Settings = tls ? new Dictionary<string, string> { ["values.telemetry.enabled"] = "false" } : new Dictionary<string, string>(),
                },
                Images = ingress ? new ImageSource { Registry = "registry.example.com", Tag = "3.0" } : new ImageSource(),
                Ingress = ingress ? Gateway(tls, replicas, resources) : null,
                Egress = tls ? Gateway(tls: false, replicas, resources) with { Name = "out", Hosts = [], Backend = null } : null,
                Services = [.. services.Select((service, index) => service with { Name = $"service-{index}" })],
                ZeroTrust = requirements.Item2,
                RateLimits = requirements.Item3,
                Alerts = requirements.Item4,
            }));

    // Zero trust needs identities, and tenants a gateway that verifies their tokens.
    private static MeshDefinition Consistent(MeshDefinition definition) => definition with
    {
        ZeroTrust = definition.ZeroTrust is { } trust && (definition.Mesh.Mtls == MtlsMode.Disable || definition.Services.Any(service => service.Mtls == MtlsMode.Disable))
            ? trust with { Mode = EnforcementMode.Off }
            : definition.ZeroTrust,
        RateLimits = definition.Ingress is null ? null : definition.RateLimits,
        Services = definition.Ingress is not null && definition.RateLimits is not null
            ? definition.Services
            : [.. definition.Services.Select(service => service.RateLimit is { } limit ? service with { RateLimit = limit with { Tenants = new SortedDictionary<string, int>() } } : service)],
    };

    private static GatewayDefinition Gateway(bool tls, ReplicaRange replicas, ResourceRequirements resources) => new()
    {
        Name = "in",
        Namespace = "mesh",
        ServiceType = "NodePort",
        Replicas = replicas,
        Resources = resources,
        Ports = tls
            ? [new GatewayPort { Name = "http", Port = 80, HttpsRedirect = true }, new GatewayPort { Name = "https", Port = 443, Protocol = ServiceProtocol.Https, CredentialName = "on" }]
            : [new GatewayPort { Name = "http", Port = 80 }],
        Hosts = ["*.example.com", "example.com"],
        Backend = "service-0",
    };

    private static Gen<T?> Optional<T>(Gen<T> gen)
        where T : class => Gen.Select(Gen.Bool, gen, (there, value) => there ? value : null);

    private static Gen<int?> OptionalInt(int minimum, int maximum) =>
        Gen.Select(Gen.Bool, Gen.Int[minimum, maximum], (there, value) => there ? value : (int?)null);

    private static Gen<TimeSpan?> OptionalDuration() => Gen.Select(Gen.Bool, Duration, (there, value) => there ? value : (TimeSpan?)null);

    private static Gen<MtlsMode?> OptionalMode() => Gen.Select(Gen.Bool, Mtls, (there, value) => there ? value : (MtlsMode?)null);
}
