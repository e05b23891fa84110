using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>What a workload's inbound port takes.</summary>
public enum MutualTlsMode
{
    /// <summary>Not said: inherited.</summary>
    Unset,

    /// <summary>Plaintext only; TLS is passed to the application as it comes.</summary>
    Disable,

    /// <summary>Plaintext and mutual TLS.</summary>
    Permissive,

    /// <summary>Mutual TLS only.</summary>
    Strict,
}

/// <summary>A PeerAuthentication.</summary>
public sealed record PeerAuthentication : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public PeerAuthentication()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal PeerAuthentication(IstioObject common)
        : base(common)
    {
    }

    /// <summary><c>selector.matchLabels</c>; null where there is no selector. An empty selector means the same as none.</summary>
    public LabelSet? Selector { get; init; }

    /// <summary><c>mtls.mode</c>.</summary>
    public MutualTlsMode Mode { get; init; }

    /// <summary><c>portLevelMtls</c> by workload port.</summary>
    public IReadOnlyDictionary<int, MutualTlsMode> PortModes { get; init; } = new Dictionary<int, MutualTlsMode>();

    /// <summary>True where the policy is for chosen workloads, not for a namespace or the mesh.</summary>
    public bool HasSelector => Selector is { Count: > 0 };
}
