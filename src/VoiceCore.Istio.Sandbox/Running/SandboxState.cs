namespace VoiceCore.Istio.Sandbox.Running;

/// <summary>Whether a sandbox answers.</summary>
public enum SandboxState
{
    /// <summary>It answers.</summary>
    Running,

    /// <summary>It has ended; nothing of it is left.</summary>
    Stopped,
}
