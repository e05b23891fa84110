namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// A policy that could have applied to a service, and whether it does, and why. One with hosts names the service's, or was meant to; one with
/// a selector or for whole namespaces lies in a namespace that counts.
/// </summary>
public sealed record PolicyCandidate
{
    /// <summary>The policy's kind.</summary>
    public required PolicyKind Kind { get; init; }

    /// <summary>The policy's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The policy's name.</summary>
    public required string Name { get; init; }

    /// <summary>True where it holds, alone or with others.</summary>
    public bool Kept => Cause is PolicyCause.Applies or PolicyCause.Merged;

    /// <summary>Why, in one word.</summary>
    public required PolicyCause Cause { get; init; }

    /// <summary>Why, in a sentence or two.</summary>
    public required string Reason { get; init; }

    /// <summary>What it brings, such as <c>policy, subset v1</c> or <c>STRICT</c>; empty where it is rejected.</summary>
    public string Effect { get; init; } = "";

    /// <summary>The service, <c>namespace/name</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The service's ports for which this is so.</summary>
    public required IReadOnlyList<int> Ports { get; init; }

    /// <summary>The clients for which this is so, by namespace; empty where clients do not matter.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>The server's pods for which this is so, <c>namespace/name</c>; empty where they do not matter.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];
}
