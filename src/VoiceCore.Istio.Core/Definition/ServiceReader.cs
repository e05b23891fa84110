using System.Globalization;
using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Reads the services of a definition.</summary>
internal static class ServiceReader
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    internal static ServiceDefinition[] Services(MappingReader? reader) =>
        reader is null ? [] : [.. reader.Parts(TextRule.DnsLabel).Select(part => Ended(part.Part, service => Service(part.Name, service)))];

    private static ServiceDefinition Service(string name, MappingReader service)
    {
        var defaults = new ServiceDefinition { Name = name, ServiceAccount = name };
        var (mtls, portMtls) = ServiceMtls(service.Mapping("mtls"));
        return new ServiceDefinition
        {
            Name = name,
            ServiceAccount = service.Text("serviceAccount", TextRule.DnsLabel) ?? defaults.ServiceAccount,
            Version = service.Text("version", TextRule.LabelValue) ?? defaults.Version,
            Image = service.Text("image", TextRule.Image),
            Ports = ServicePorts(service.RequiredMapping("ports", "a mapping from names to ports")),
            Replicas = WorkloadReader.Replicas(service, defaults.Replicas),
            Resources = WorkloadReader.Resources(service.Mapping("resources")),
            Metrics = Metrics(service.Mapping("metrics")),
            Health = Health(service.Mapping("health")),
            Mtls = mtls,
            PortMtls = portMtls,
            LoadBalancing = service.Choice<LoadBalancing>("loadBalancing") ?? defaults.LoadBalancing,
            LocalityFailover = service.Boolean("localityFailover") ?? defaults.LocalityFailover,
            CircuitBreaker = CircuitBreaker(service.Mapping("circuitBreaker")),
            Timeout = service.Duration("timeout", Millisecond, Day),
            Retries = Retries(service.Mapping("retries")),
            RateLimit = RequirementReader.RateLimit(service.Mapping("rateLimit")),
            LatencyP99 = service.Duration("latencyP99", Millisecond, Day),
            Callers = service.Texts("callers", TextRule.Caller) ?? [],
        };
    }

    private static ServicePort[] ServicePorts(MappingReader? reader) => reader is null ? [] :
    [
        .. reader.Parts(TextRule.PortName).Select(part => Ended(part.Part, port =>
        {
            var number = port.RequiredInteger("port", 1, WorkloadReader.MaxPort);
            return new ServicePort(
                part.Name, number, port.Integer("targetPort", 1, WorkloadReader.MaxPort) ?? number, port.Choice<ServiceProtocol>("protocol") ?? ServiceProtocol.Http);
        })),
    ];

    private static MetricsEndpoint? Metrics(MappingReader? reader) => reader is null ? null : Ended(reader, metrics =>
        new MetricsEndpoint(metrics.RequiredInteger("port", 1, WorkloadReader.MaxPort), metrics.Text("path", TextRule.HttpPath) ?? "/metrics"));

    private static HealthEndpoint? Health(MappingReader? reader) => reader is null ? null : Ended(reader, health =>
        new HealthEndpoint(
            health.RequiredInteger("port", 1, WorkloadReader.MaxPort),
            health.RequiredText("liveness", TextRule.HttpPath),
            health.RequiredText("readiness", TextRule.HttpPath)));

    private static (MtlsMode? Mode, IReadOnlyDictionary<int, MtlsMode> Ports) ServiceMtls(MappingReader? reader)
    {
        var ports = new SortedDictionary<int, MtlsMode>();
        if (reader is null)
            return (null, ports);

        var mode = reader.Choice<MtlsMode>("mode");
        if (reader.Mapping("ports") is { } list)
        {
            var portNumber = new TextRule($"a port number from 1 to {WorkloadReader.MaxPort}", text => PortNumber(text) is >= 1 and <= WorkloadReader.MaxPort);
            foreach (var key in list.Keys)
            {
                var portMode = list.Choice<MtlsMode>(key);
                if (list.AcceptKey(key, portNumber) && portMode is { } value)
                    ports[PortNumber(key)!.Value] = value;
            }

            list.End();
        }

        reader.End();
        return (mode, ports);
    }

    private static int? PortNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static CircuitBreaker? CircuitBreaker(MappingReader? reader) => reader is null ? null : Ended(reader, breaker =>
    {
        var limit = int.MaxValue;
        return new CircuitBreaker
        {
            MaxConnections = breaker.RequiredInteger("maxConnections", 1, limit),
            MaxPendingRequests = breaker.RequiredInteger("maxPendingRequests", 1, limit),
            MaxRequests = breaker.Integer("maxRequests", 1, limit),
            ConsecutiveErrors = breaker.RequiredInteger("consecutiveErrors", 1, limit),
            Interval = breaker.Duration("interval", Millisecond, Day) ?? TimeSpan.FromSeconds(10),
            EjectionTime = breaker.RequiredDuration("ejectionTime", Millisecond, Day),
            MaxEjectionPercent = breaker.Integer("maxEjectionPercent", 1, 100),
        };
    });

    private static RetryPolicy? Retries(MappingReader? reader) => reader is null ? null : Ended(reader, retries => new RetryPolicy
    {
        Attempts = retries.RequiredInteger("attempts", 0, 100),
        PerTryTimeout = retries.Duration("perTryTimeout", Millisecond, Day),
        RetryOn = retries.Texts("retryOn", TextRule.RetryCondition) is { Count: > 0 } conditions ? conditions : RetryPolicy.SafeConditions,
    });
}
