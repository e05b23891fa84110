namespace VoiceCore.Istio.Core.Activity;

/// <summary>An activity log that nobody reads.</summary>
public sealed class SilentActivityLog : IActivityLog
{
    /// <summary>The one instance.</summary>
    public static readonly SilentActivityLog Instance = new();

    private SilentActivityLog()
    {
    }

    /// <inheritdoc/>
    public void Progress(string activity, string status, int percent = -1)
    {
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }

    /// <inheritdoc/>
    public void Warning(string message)
    {
    }
}
