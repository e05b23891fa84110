namespace VoiceCore.Istio.Core.Definition;

/// <summary>A gateway: a Deployment of our own into which the injector puts the proxy.</summary>
public sealed record GatewayDefinition
{
    /// <summary>Name of Deployment, Service and service account.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace that it runs in. TLS secrets must lie there.</summary>
    public required string Namespace { get; init; }

    /// <summary>Type of the Service: <c>LoadBalancer</c>, <c>NodePort</c> or <c>ClusterIP</c>.</summary>
    public string ServiceType { get; init; } = "ClusterIP";

    /// <summary>Number of replicas.</summary>
    public ReplicaRange Replicas { get; init; } = new(2, 5);

    /// <summary>What a proxy container asks for.</summary>
    public ResourceRequirements Resources { get; init; } = new();

    /// <summary>The ports that it serves.</summary>
    public IReadOnlyList<GatewayPort> Ports { get; init; } = [];

    /// <summary>The host names that it serves (ingress); <c>*</c> is every name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The service that gets the traffic (ingress).</summary>
    public string? Backend { get; init; }
}

/// <summary>A port of a gateway.</summary>
public sealed record GatewayPort
{
    /// <summary>Name of the port, unique in the gateway.</summary>
    public required string Name { get; init; }

    /// <summary>Number of the port on the Service.</summary>
    public required int Port { get; init; }

    /// <summary>What is spoken on it.</summary>
    public ServiceProtocol Protocol { get; init; } = ServiceProtocol.Http;

    /// <summary>Secret of type <c>kubernetes.io/tls</c> in the gateway's namespace, for a port with protocol HTTPS.</summary>
    public string? CredentialName { get; init; }

    /// <summary>Whether a plain HTTP request is answered with a redirect to HTTPS.</summary>
    public bool HttpsRedirect { get; init; }
}
