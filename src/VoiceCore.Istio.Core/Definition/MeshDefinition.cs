namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// The mesh of one product: what is to be installed, secured, limited and observed. Read from a versioned YAML document
/// (<see cref="MeshDefinitionReader"/>), written back by <see cref="MeshDefinitionWriter"/>, rendered by
/// <see cref="Rendering.MeshRenderer"/>. It states what is wanted; where that cannot work as stated, the renderer states what works
/// and <see cref="DefinitionRules"/> says why.
/// </summary>
public sealed record MeshDefinition
{
    /// <summary>The <c>apiVersion</c> of the document.</summary>
    public const string ApiVersion = "mesh.voicecore.io/v1";

    /// <summary>The <c>kind</c> of the document.</summary>
    public const string Kind = "MeshDefinition";

    /// <summary>The product's name, a DNS-1123 label: the value of <c>app.kubernetes.io/part-of</c> on everything rendered.</summary>
    public required string Product { get; init; }

    /// <summary>The namespace of the product's services.</summary>
    public required string Namespace { get; init; }

    /// <summary>The namespaces that the mesh needs, in the order of the document.</summary>
    public IReadOnlyList<NamespaceDefinition> Namespaces { get; init; } = [];

    /// <summary>What holds for the whole mesh.</summary>
    public MeshSettings Mesh { get; init; } = new();

    /// <summary>Who may call whom; null: whoever is in the mesh may call everything.</summary>
    public ZeroTrustDefinition? ZeroTrust { get; init; }

    /// <summary>Rate limits and quotas; null: none.</summary>
    public RateLimitSettings? RateLimits { get; init; }

    /// <summary>What Prometheus is to watch; null: no rules are rendered.</summary>
    public AlertDefinition? Alerts { get; init; }

    /// <summary>The control plane (istiod).</summary>
    public ControlPlaneDefinition ControlPlane { get; init; } = new();

    /// <summary>Where the services' images come from.</summary>
    public ImageSource Images { get; init; } = new();

    /// <summary>The gateway for traffic from outside; null where the product has none.</summary>
    public GatewayDefinition? Ingress { get; init; }

    /// <summary>The gateway for traffic to the outside; null where the product has none.</summary>
    public GatewayDefinition? Egress { get; init; }

    /// <summary>The gateways that there are, the one for traffic from outside first.</summary>
    internal IEnumerable<GatewayDefinition> Gateways => new[] { Ingress, Egress }.OfType<GatewayDefinition>();

    /// <summary>The product's services, in the order of the document.</summary>
    public IReadOnlyList<ServiceDefinition> Services { get; init; } = [];

    /// <summary>The image of a service: its own, else made of registry, name and tag; null where it is not known.</summary>
    public string? ImageOf(ServiceDefinition service) =>
        service.Image ?? (Images is { Registry: not null, Tag: not null } ? $"{Images.Registry}/{service.Name}:{Images.Tag}" : null);
}

/// <summary>A namespace of the mesh.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Injection">Whether pods created in it get a sidecar.</param>
public sealed record NamespaceDefinition(string Name, bool Injection);

/// <summary>The services' images: <c>registry/service:tag</c>, for each service that names no image of its own.</summary>
public sealed record ImageSource
{
    /// <summary>Registry and path before the service's name; null where each service names its image.</summary>
    public string? Registry { get; init; }

    /// <summary>The tag.</summary>
    public string? Tag { get; init; }
}
