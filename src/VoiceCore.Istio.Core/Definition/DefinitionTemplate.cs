using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Starting points for a definition.</summary>
public static class DefinitionTemplate
{
    private const string ProductHead =
        """
        # The mesh of {0}: a starting point. Correct ports, callers, limits and time-outs to what each service is built for,
        # then run Test-MeshDefinition.

        """;

    /// <summary>The VoiceCore definition with its comments; registry and tag of the images put in where they are given.</summary>
    /// <exception cref="MeshException"><c>TemplateInvalid</c>: a value cannot stand in a definition.</exception>
    public static string VoiceCore(string? imageRegistry, string? imageTag)
    {
        var text = MeshDefinitionFile.VoiceCoreText;
        if (imageRegistry is not null)
            text = text.Replace("  # registry: registry.example.com/voicecore\n", $"  registry: {Quoted(imageRegistry)}\n", StringComparison.Ordinal);
        if (imageTag is not null)
            text = text.Replace("  tag: 3.0.0\n", $"  tag: {Quoted(imageTag)}\n", StringComparison.Ordinal);
        return Checked(text);
    }

    /// <summary>
    /// A definition for a product: the first service is behind the ingress gateway and calls the others; every limit is one that works.
    /// </summary>
    /// <exception cref="MeshException"><c>TemplateInvalid</c>: a name or value cannot stand in a definition.</exception>
    public static string ForProduct(string product, string ns, IReadOnlyList<string> services, string? imageRegistry, string? imageTag)
    {
        const string System = "istio-system";
        var requests = new ResourceRequirements { CpuRequest = "100m", MemoryRequest = "128Mi" };
        var definition = new MeshDefinition
        {
            Product = product,
            Namespace = ns,
            Namespaces = [new NamespaceDefinition(ns, Injection: true), new NamespaceDefinition(System, Injection: false)],
            Mesh = new MeshSettings { AccessLog = new AccessLogDefinition() },
            ControlPlane = new ControlPlaneDefinition { Resources = new ResourceRequirements { CpuRequest = "500m", MemoryRequest = "2Gi" } },
            Images = new ImageSource { Registry = imageRegistry, Tag = imageTag },
            Ingress = new GatewayDefinition
            {
                Name = "istio-ingressgateway",
                Namespace = System,
                ServiceType = "LoadBalancer",
                Resources = requests,
                Ports = [new GatewayPort { Name = "http", Port = 80 }],
                Hosts = ["*"],
                Backend = services[0],
            },
            Services = [.. services.Select((name, index) => Service(name, index == 0 ? ServiceDefinition.IngressCaller : services[0], requests))],
        };
        return Checked(MeshException.Format(ProductHead.ReplaceLineEndings("\n"), product) + MeshDefinitionWriter.Write(definition));
    }

    private static ServiceDefinition Service(string name, string caller, ResourceRequirements resources) => new()
    {
        Name = name,
        ServiceAccount = name,
        Ports = [new ServicePort("http", 80, 8080, ServiceProtocol.Http)],
        Replicas = new ReplicaRange(2, 5),
        Resources = resources,
        CircuitBreaker = new CircuitBreaker
        {
            MaxConnections = 100,
            MaxPendingRequests = 50,
            MaxRequests = 100,
            ConsecutiveErrors = 5,
            EjectionTime = TimeSpan.FromSeconds(30),
            MaxEjectionPercent = 50,
        },
        Timeout = TimeSpan.FromSeconds(30),
        Retries = new RetryPolicy { Attempts = 2, PerTryTimeout = TimeSpan.FromSeconds(10) },
        Callers = [caller],
    };

    // A value that is no registry or tag must reach the reader as that value, whatever characters it has.
    private static string Quoted(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Checked(string text)
    {
        var document = MeshDefinitionReader.Read(text);
        return document.IsValid ? text : throw DefinitionErrors.TemplateInvalid(document);
    }
}
