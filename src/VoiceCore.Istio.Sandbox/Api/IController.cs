using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// Brings objects to what others ask for. All controllers run one after the other, change by change, in the store's order: a controller
/// needs no locks, and what happens is the same every time. It writes through <see cref="SandboxCluster.Objects"/>.
/// </summary>
public interface IController
{
    /// <summary>Looks at one change. At the start, everything that is there comes as added.</summary>
    void Handle(StoreEvent change, SandboxCluster cluster);
}
