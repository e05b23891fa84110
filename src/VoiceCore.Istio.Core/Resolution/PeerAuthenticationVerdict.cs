using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a workload takes on its ports, and which policy says so.</summary>
public sealed class PeerAuthenticationVerdict
{
    private readonly PeerAuthentication? _workloadPolicy;

    internal PeerAuthenticationVerdict(MutualTlsMode mode, PeerAuthentication? policy, PeerAuthentication? workloadPolicy)
    {
        Mode = mode;
        Policy = policy;
        _workloadPolicy = workloadPolicy;
    }

    /// <summary>The mode of ports without an entry of their own.</summary>
    public MutualTlsMode Mode { get; }

    /// <summary>The policy that gave <see cref="Mode"/>; null where no policy says anything and the mode is Istio's <c>PERMISSIVE</c>.</summary>
    public PeerAuthentication? Policy { get; }

    /// <summary>The mode of a workload port (container port, not service port), and the policy that gave it.</summary>
    public (MutualTlsMode Mode, PeerAuthentication? Policy) OfPort(int workloadPort) =>
        _workloadPolicy is not null && _workloadPolicy.PortModes.TryGetValue(workloadPort, out var mode) && mode != MutualTlsMode.Unset
            ? (mode, _workloadPolicy)
            : (Mode, Policy);
}
