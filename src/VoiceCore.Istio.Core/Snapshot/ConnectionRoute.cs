namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A <c>tcp</c> or <c>tls</c> route of a VirtualService.</summary>
/// <param name="Matches">The conditions, any of which is enough; none matches every connection of a <c>tcp</c> route.</param>
/// <param name="Destinations">Where connections go.</param>
public sealed record ConnectionRoute(IReadOnlyList<ConnectionMatch> Matches, IReadOnlyList<RouteDestination> Destinations);

/// <summary>A condition of a <c>tcp</c> or <c>tls</c> route. All parts must hold.</summary>
public sealed record ConnectionMatch
{
    /// <summary>The port that the client called; 0 = any.</summary>
    public int Port { get; init; }

    /// <summary>Labels of the client.</summary>
    public LabelSet SourceLabels { get; init; } = LabelSet.Empty;

    /// <summary>Namespace of the client; empty = any.</summary>
    public string SourceNamespace { get; init; } = "";

    /// <summary>Gateways that the condition is for; empty = those of the VirtualService.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>The names that TLS asks for; only of <c>tls</c> routes.</summary>
    public IReadOnlyList<string> SniHosts { get; init; } = [];

    /// <summary>The addresses that the client called, as ranges; empty = any.</summary>
    public IReadOnlyList<string> DestinationSubnets { get; init; } = [];
}
