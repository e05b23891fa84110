namespace VoiceCore.Istio.Host;

/// <summary>What the engine tells this host through <c>$Host.PrivateData</c>. Public because the engine binds to public types only.</summary>
public sealed class HostData
{
    /// <summary>PowerShell's <c>$?</c> after the last statement of <c>-Command</c>.</summary>
    public bool LastCommandSucceeded { get; set; } = true;
}
