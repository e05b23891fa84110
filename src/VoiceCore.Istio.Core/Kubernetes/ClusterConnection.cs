namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Which cluster, as whom, from where: what a person needs to see to know that it is the right one. Holds no secret.</summary>
/// <param name="Context">The kubeconfig context; <c>in-cluster</c> inside a pod.</param>
/// <param name="Server">The API server's address.</param>
/// <param name="User">The kubeconfig user's name.</param>
/// <param name="DefaultNamespace">The namespace of the context, else <c>default</c>.</param>
/// <param name="KubeconfigPaths">The files that the configuration was read from, in the order of precedence; empty in a cluster.</param>
/// <param name="IsSandbox">True where the context carries the sandbox's mark.</param>
public sealed record ClusterConnection(
    string Context,
    Uri Server,
    string? User,
    string DefaultNamespace,
    IReadOnlyList<string> KubeconfigPaths,
    bool IsSandbox)
{
    /// <summary>What the sandbox wrote beside its mark (extension <c>voicecore.io/sandbox</c> of the context); empty elsewhere.</summary>
    public IReadOnlyDictionary<string, string> SandboxFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>As people know it: <c>context production (https://10.0.0.1:6443/)</c>.</summary>
    public override string ToString() => $"context {Context} ({Server})";
}
