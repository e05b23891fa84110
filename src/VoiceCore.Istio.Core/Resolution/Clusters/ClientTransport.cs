namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a client's proxy sends to a destination.</summary>
public enum ClientTransport
{
    /// <summary>Mutual TLS of the mesh to endpoints that take it, plaintext to others.</summary>
    Auto,

    /// <summary>Plaintext to every endpoint.</summary>
    Plaintext,

    /// <summary>TLS without a client certificate.</summary>
    Simple,

    /// <summary>TLS with a client certificate that a rule names.</summary>
    Mutual,

    /// <summary>Mutual TLS of the mesh to every endpoint, whether it can or not.</summary>
    IstioMutual,
}
