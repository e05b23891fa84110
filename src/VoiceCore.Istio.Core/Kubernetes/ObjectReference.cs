namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Names one object of the cluster, independent of the API version.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">Such as <c>Namespace</c>.</param>
/// <param name="Namespace">The namespace; null for a cluster-wide object.</param>
/// <param name="Name">The name.</param>
public sealed record ObjectReference(string Group, string Kind, string? Namespace, string Name)
{
    /// <summary>As people write it: <c>DestinationRule voicecore-ai/tenant</c>.</summary>
    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
