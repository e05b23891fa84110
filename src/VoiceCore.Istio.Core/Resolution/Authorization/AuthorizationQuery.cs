using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A request that somebody asks about, in the words of people.</summary>
public sealed record AuthorizationQuery
{
    /// <summary>
    /// The client: <c>namespace/pod</c>, <c>namespace/serviceaccount</c> or a SPIFFE identity; null for a client without a sidecar.
    /// </summary>
    public string? From { get; init; }

    /// <summary>The server: <c>namespace/service</c> or <c>namespace/pod</c>; of both with one name, the Service.</summary>
    public required string To { get; init; }

    /// <summary>The Service's port, or the workload's where the server is a pod; 0 for all ports.</summary>
    public int Port { get; init; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>The HTTP path, with the query if there is one.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The HTTP host; the Service's full name by default.</summary>
    public string? Host { get; init; }

    /// <summary>HTTP headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Claims of the token that the request has; they count where the server takes tokens of their issuer. Null without a token.</summary>
    public JsonObject? Claims { get; init; }
}

/// <summary>What becomes of a request at the pods of a server that treat it alike.</summary>
/// <param name="From">The client as it was given; empty for one without a sidecar.</param>
/// <param name="To">The server as it was given.</param>
/// <param name="Port">The workload port that was judged.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The HTTP path.</param>
/// <param name="Decision">What becomes of it.</param>
/// <param name="Policy">The policy that decided, <c>namespace/name</c>; empty where none did.</param>
/// <param name="Rule">The rule's place in that policy, from 0; null where none decided.</param>
/// <param name="Mode">The mutual TLS that the port asks for.</param>
/// <param name="Pods">The pods, <c>namespace/name</c>.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record AuthorizationAnswer(
    string From,
    string To,
    int Port,
    string Method,
    string Path,
    AuthorizationDecision Decision,
    string Policy,
    int? Rule,
    MutualTlsMode Mode,
    IReadOnlyList<string> Pods,
    string Reason)
{
    /// <summary>True where the request reaches the application.</summary>
    public bool IsAllowed => Decision == AuthorizationDecision.Allow;
}
