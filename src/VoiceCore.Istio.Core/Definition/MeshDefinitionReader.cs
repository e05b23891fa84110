using System.Globalization;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Yaml;
using static VoiceCore.Istio.Core.Definition.MappingReader;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// Reads definitions. The text is not trusted: it is bounded in size and depth and may have no aliases; no text makes the reader throw.
/// </summary>
public static class MeshDefinitionReader
{
    private const int MaxPort = 65535;
    private const int MaxReplicas = 10_000;

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    /// <summary>Reads a definition and reports every problem at once. <paramref name="file"/> is only named in the findings.</summary>
    public static MeshDefinitionDocument Read(string text, string? file = null)
    {
        var problems = new DocumentProblems(file);
        var definition = ReadRoot(text, problems);
        if (definition is not null && !problems.HasErrors)
        {
            foreach (var finding in DefinitionRules.Check(definition))
                problems.Add(finding);
        }

        return new MeshDefinitionDocument(problems.HasErrors ? null : definition, problems.Findings);
    }

    private static MeshDefinition? ReadRoot(string text, DocumentProblems problems)
    {
        IReadOnlyList<YamlNode> documents;
        try
        {
            documents = YamlTree.Read(text);
        }
        catch (YamlProblem problem)
        {
            var place = new YamlScalar("", IsPlain: true, problem.Line, problem.Column);
            problems.Report(problem.IsLimit ? DocumentFindings.LimitExceeded : DocumentFindings.InvalidYaml, place, "", problem.Message);
            return null;
        }

        if (documents.Count > 1)
            problems.Report(DocumentFindings.SecondDocument, documents[1], "");
        if (documents.Count > 0 && documents[0] is YamlMapping root)
        {
            problems.Remember("", root);
            return Definition(new MappingReader(root, "", problems));
        }

        var found = documents.Count > 0 ? documents[0] : new YamlScalar("", IsPlain: true, 1, 1);
        problems.Report(DocumentFindings.WrongType, found, "", "The document", "not a mapping", "a mapping that begins with apiVersion and kind");
        return null;
    }

    private static MeshDefinition? Definition(MappingReader root)
    {
        // Another kind of document would only give a long list of unknown keys.
        if (!Is(root, "apiVersion", MeshDefinition.ApiVersion) | !Is(root, "kind", MeshDefinition.Kind))
            return null;

        var gateways = root.Mapping("gateways");
        var definition = new MeshDefinition
        {
            Product = root.RequiredText("product", TextRule.DnsLabel),
            Namespace = root.RequiredText("namespace", TextRule.DnsLabel),
            Namespaces = Namespaces(root.RequiredMapping("namespaces", "a mapping from names to { injection: true or false }")),
            Mesh = Mesh(root.Mapping("mesh")),
            ZeroTrust = RequirementReader.ZeroTrust(root.Mapping("zeroTrust")),
            RateLimits = RequirementReader.RateLimits(root.Mapping("rateLimits")),
            Alerts = RequirementReader.Alerts(root.Mapping("alerts")),
            ControlPlane = ControlPlane(root.Mapping("controlPlane")),
            Images = Images(root.Mapping("images")),
            Ingress = Gateway(gateways?.Mapping("ingress"), isIngress: true),
            Egress = Gateway(gateways?.Mapping("egress"), isIngress: false),
            Services = Services(root.RequiredMapping("services", "a mapping from names to services")),
        };
        gateways?.End();
        root.End();
        return definition;
    }

    private static bool Is(MappingReader root, string key, string expected)
    {
        var any = new TextRule($"'{expected}'", _ => true);
        var value = root.RequiredText(key, any);
        if (value == expected)
            return true;
        if (value.Length > 0)
            root.Report(DocumentFindings.UnknownDocument, key, key, value.Length <= 60 ? value : value[..60], expected);
        return false;
    }

    private static NamespaceDefinition[] Namespaces(MappingReader? reader) =>
        reader is null ? [] :
        [
            .. reader.Parts(TextRule.DnsLabel).Select(part => Ended(part.Part, ns => new NamespaceDefinition(part.Name, ns.Boolean("injection") ?? false))),
        ];

    private static MeshSettings Mesh(MappingReader? reader)
    {
        var defaults = new MeshSettings();
        return reader is null ? defaults : Ended(reader, mesh => new MeshSettings
        {
            TrustDomain = mesh.Text("trustDomain", TextRule.DnsName) ?? defaults.TrustDomain,
            ClusterDomain = mesh.Text("clusterDomain", TextRule.DnsName) ?? defaults.ClusterDomain,
            RootNamespace = mesh.Text("rootNamespace", TextRule.DnsLabel) ?? defaults.RootNamespace,
            Mtls = mesh.Choice<MtlsMode>("mtls") ?? defaults.Mtls,
            Certificates = Certificates(mesh.Mapping("certificates")),
            Tracing = Tracing(mesh.Mapping("tracing")),
            AccessLog = AccessLog(mesh.Mapping("accessLog")),
        });
    }

    private static CertificatePolicy Certificates(MappingReader? reader)
    {
        var defaults = new CertificatePolicy();
        return reader is null ? defaults : Ended(reader, certificates => new CertificatePolicy
        {
            Lifetime = certificates.Duration("lifetime", Hour, TenYears) ?? defaults.Lifetime,
            RotateBefore = certificates.Duration("rotateBefore", TimeSpan.FromMinutes(1), TenYears),
            GracePeriod = certificates.Duration("gracePeriod", TimeSpan.FromMinutes(1), TenYears),
        });
    }

    private static TracingDefinition? Tracing(MappingReader? reader) => reader is null ? null : Ended(reader, tracing =>
    {
        var defaults = new TracingDefinition { Service = "" };
        return new TracingDefinition
        {
            SamplingPercentage = tracing.Number("samplingPercentage", 0, 100) ?? defaults.SamplingPercentage,
            Provider = tracing.Text("provider", TextRule.DnsLabel) ?? defaults.Provider,
            Service = tracing.RequiredText("service", TextRule.DnsName),
            Port = tracing.Integer("port", 1, MaxPort) ?? defaults.Port,
        };
    });

    private static AccessLogDefinition? AccessLog(MappingReader? reader)
    {
        var defaults = new AccessLogDefinition();
        return reader is null ? null : Ended(reader, log => new AccessLogDefinition
        {
            File = log.Text("file", TextRule.HttpPath) ?? defaults.File,
            Encoding = log.Choice<AccessLogEncoding>("encoding") ?? defaults.Encoding,
        });
    }

    private static ControlPlaneDefinition ControlPlane(MappingReader? reader)
    {
        var defaults = new ControlPlaneDefinition();
        return reader is null ? defaults : Ended(reader, controlPlane => new ControlPlaneDefinition
        {
            Namespace = controlPlane.Text("namespace", TextRule.DnsLabel) ?? defaults.Namespace,
            Hub = controlPlane.Text("hub", TextRule.Image),
            Replicas = Replicas(controlPlane, defaults.Replicas),
            Resources = Resources(controlPlane.Mapping("resources")),
            Settings = Settings(controlPlane.Mapping("settings")),
        });
    }

    private static Dictionary<string, string> Settings(MappingReader? reader)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in reader?.Keys ?? [])
        {
            if (reader!.AcceptKey(path, TextRule.SettingPath) && reader.Text(path, TextRule.SettingValue) is { } value)
                settings[path] = value;
        }

        return settings;
    }

    private static ImageSource Images(MappingReader? reader) => reader is null ? new ImageSource() : Ended(reader, images => new ImageSource
    {
        Registry = images.Text("registry", TextRule.Image),
        Tag = images.Text("tag", TextRule.ImageTag),
    });

    private static GatewayDefinition? Gateway(MappingReader? reader, bool isIngress)
    {
        var defaults = new GatewayDefinition { Name = "", Namespace = "" };
        return reader is null ? null : Ended(reader, gateway => new GatewayDefinition
        {
            Name = gateway.RequiredText("name", TextRule.DnsLabel),
            Namespace = gateway.RequiredText("namespace", TextRule.DnsLabel),
            ServiceType = gateway.Text("serviceType", TextRule.ServiceType) ?? defaults.ServiceType,
            Replicas = Replicas(gateway, defaults.Replicas),
            Resources = Resources(gateway.Mapping("resources")),
            Ports = GatewayPorts(gateway.RequiredMapping("ports", "a mapping from names to ports")),
            Hosts = isIngress ? gateway.Texts("hosts", TextRule.Host) ?? ["*"] : [],
            Backend = isIngress ? gateway.RequiredText("backend", TextRule.DnsLabel) : null,
        });
    }

    private static GatewayPort[] GatewayPorts(MappingReader? reader) => reader is null ? [] :
    [
        .. reader.Parts(TextRule.PortName).Select(part => Ended(part.Part, port => new GatewayPort
        {
            Name = part.Name,
            Port = port.RequiredInteger("port", 1, MaxPort),
            Protocol = port.Choice<ServiceProtocol>("protocol") ?? ServiceProtocol.Http,
            CredentialName = port.Text("credentialName", TextRule.DnsName),
            HttpsRedirect = port.Boolean("httpsRedirect") ?? false,
        })),
    ];

    private static ServiceDefinition[] Services(MappingReader? reader) =>
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
            Replicas = Replicas(service, defaults.Replicas),
            Resources = Resources(service.Mapping("resources")),
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
            var number = port.RequiredInteger("port", 1, MaxPort);
            return new ServicePort(
                part.Name, number, port.Integer("targetPort", 1, MaxPort) ?? number, port.Choice<ServiceProtocol>("protocol") ?? ServiceProtocol.Http);
        })),
    ];

    private static MetricsEndpoint? Metrics(MappingReader? reader) => reader is null ? null : Ended(reader, metrics =>
        new MetricsEndpoint(metrics.RequiredInteger("port", 1, MaxPort), metrics.Text("path", TextRule.HttpPath) ?? "/metrics"));

    private static HealthEndpoint? Health(MappingReader? reader) => reader is null ? null : Ended(reader, health =>
        new HealthEndpoint(
            health.RequiredInteger("port", 1, MaxPort),
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
            var portNumber = new TextRule($"a port number from 1 to {MaxPort}", text => PortNumber(text) is >= 1 and <= MaxPort);
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

    private static ReplicaRange Replicas(MappingReader reader, ReplicaRange defaults)
    {
        var fixedNumber = reader.Integer("replicas", 1, MaxReplicas);
        if (reader.Mapping("autoscaling") is not { } autoscaling)
            return fixedNumber is { } number ? new ReplicaRange(number, number) : defaults;

        if (reader.Has("replicas"))
            reader.Report(DocumentFindings.Exclusive, "replicas", "replicas", "autoscaling");
        return Ended(autoscaling, range => new ReplicaRange(
            range.RequiredInteger("minReplicas", 1, MaxReplicas),
            range.RequiredInteger("maxReplicas", 1, MaxReplicas),
            range.Integer("targetCpuUtilization", 1, 1000) ?? 80));
    }

    private static ResourceRequirements Resources(MappingReader? reader)
    {
        if (reader is null)
            return new ResourceRequirements();

        var requests = reader.Mapping("requests");
        var limits = reader.Mapping("limits");
        var resources = new ResourceRequirements
        {
            CpuRequest = requests?.Text("cpu", TextRule.Quantity),
            MemoryRequest = requests?.Text("memory", TextRule.Quantity),
            CpuLimit = limits?.Text("cpu", TextRule.Quantity),
            MemoryLimit = limits?.Text("memory", TextRule.Quantity),
        };
        requests?.End();
        limits?.End();
        reader.End();
        return resources;
    }
}
