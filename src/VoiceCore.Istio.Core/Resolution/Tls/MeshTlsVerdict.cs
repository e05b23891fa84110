namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What becomes of a connection.</summary>
public enum TlsStatus
{
    /// <summary>Mutual TLS of the mesh.</summary>
    Secured,

    /// <summary>It works in plaintext.</summary>
    Plaintext,

    /// <summary>TLS that the mesh does not end: it works where the application itself speaks it.</summary>
    AppTls,

    /// <summary>It does not work.</summary>
    Broken,

    /// <summary>It depends on the endpoint.</summary>
    Mixed,

    /// <summary>Nobody answers.</summary>
    NoEndpoints,
}

/// <summary>What a service's port accepts.</summary>
public enum ServerTls
{
    /// <summary>No sidecar: whatever the application accepts.</summary>
    None,

    /// <summary>Plaintext only.</summary>
    Disable,

    /// <summary>Plaintext and mutual TLS.</summary>
    Permissive,

    /// <summary>Mutual TLS only.</summary>
    Strict,

    /// <summary>It depends on the endpoint.</summary>
    Mixed,
}

/// <summary>What a client sends.</summary>
public enum ClientSends
{
    /// <summary>Plaintext.</summary>
    Plaintext,

    /// <summary>Mutual TLS of the mesh.</summary>
    MutualTls,

    /// <summary>TLS of its own, with or without a client certificate.</summary>
    OwnTls,

    /// <summary>It depends on the endpoint.</summary>
    Mixed,
}

/// <summary>Whether the traffic of some clients to a port of a service is secured, and why.</summary>
/// <param name="Namespace">The service's namespace.</param>
/// <param name="Service">The service.</param>
/// <param name="Port">The service's port.</param>
/// <param name="PortName">The port's name; empty where it has none.</param>
/// <param name="Server">What the port accepts.</param>
/// <param name="ServerPolicy">The PeerAuthentication that decided that, as namespace/name; null for Istio's default, or without a sidecar.</param>
/// <param name="Clients">The clients, by namespace; empty where the mesh has none.</param>
/// <param name="Sends">What they send.</param>
/// <param name="ClientPolicy">The DestinationRule that decided that, as namespace/name; null for automatic mTLS.</param>
/// <param name="Status">What becomes of it.</param>
/// <param name="Outside">What becomes of a call from outside of the mesh, in plaintext.</param>
/// <param name="Endpoints">How many endpoints the port has.</param>
/// <param name="Reason">Why it is so.</param>
/// <param name="Fix">What to change; null where nothing is wrong.</param>
public sealed record MeshTlsVerdict(
    string Namespace,
    string Service,
    int Port,
    string PortName,
    ServerTls Server,
    string? ServerPolicy,
    IReadOnlyList<string> Clients,
    ClientSends Sends,
    string? ClientPolicy,
    TlsStatus Status,
    TlsStatus Outside,
    int Endpoints,
    string Reason,
    string? Fix);
