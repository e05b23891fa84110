namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>An object by which a tool for progressive delivery sets the weights of VirtualServices: a Rollout of Argo Rollouts or a Canary of Flagger.</summary>
public sealed record TrafficController : MeshObject
{
    /// <summary>Whose it is.</summary>
    public required ManagingTool Tool { get; init; }

    /// <summary>The VirtualServices, as <c>namespace/name</c>.</summary>
    public IReadOnlyList<string> VirtualServices { get; init; } = [];
}
