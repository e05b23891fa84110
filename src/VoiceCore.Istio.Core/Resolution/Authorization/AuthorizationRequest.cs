using System.Net;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A request (or a connection) as it arrives at the server's proxy.</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The client's identity from mutual TLS, as <c>spiffe://cluster.local/ns/NAMESPACE/sa/ACCOUNT</c>; null for plaintext.</summary>
    public string? Principal { get; init; }

    /// <summary>The address that the connection comes from; null where it is not known: then no address block matches it.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>
    /// The original client's address; by default the last one in <c>X-Forwarded-For</c>, else <see cref="SourceAddress"/>,
    /// which is what a sidecar takes (Envoy's XFF detection without trusted hops).
    /// </summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>The server's address; null where it is not known.</summary>
    public IPAddress? DestinationAddress { get; init; }

    /// <summary>The workload's port (not the Service's), 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>Server name in the TLS handshake; empty without one.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The HTTP authority (Host header).</summary>
    public string? Host { get; init; }

    /// <summary>The HTTP method, in capitals.</summary>
    public string? Method { get; init; }

    /// <summary>The HTTP path, with the query if there is one.</summary>
    public string? Path { get; init; }

    /// <summary>HTTP headers, names without regard to case; several values of one name joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The claims of the token that the proxy verified; null without one.</summary>
    public JsonObject? Claims { get; init; }

    /// <summary>Claims that are lists separated by spaces, as the rule says that took the token.</summary>
    internal IReadOnlySet<string> SpaceDelimitedClaims { get; init; } = RequestAuthenticationResolver.SpaceDelimitedClaims;
}
