using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Sandbox.Running;

/// <summary>What sandbox is to be started.</summary>
public sealed record SandboxRequest
{
    /// <summary>The name unless another is asked for.</summary>
    public const string DefaultName = "voicecore-sandbox";

    /// <summary>Its name, and that of its context: a DNS-1123 label.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The version of Istio that it plays.</summary>
    public string IstioVersion { get; init; } = SandboxIstioctl.DefaultVersion;

    /// <summary>Where its kubeconfig is written; null: into a folder of its own that only this user may read.</summary>
    public string? Path { get; init; }

    /// <summary>Whether <c>KUBECONFIG</c> of this process names its kubeconfig while it runs.</summary>
    public bool SetEnvironment { get; init; }
}
