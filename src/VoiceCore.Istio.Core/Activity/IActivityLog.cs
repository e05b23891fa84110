namespace VoiceCore.Istio.Core.Activity;

/// <summary>
/// Where Core tells what it is doing. The cmdlets show it as PowerShell progress, verbose text and warnings.
/// May be called from any thread.
/// </summary>
public interface IActivityLog
{
    /// <summary>One step of a longer activity. <paramref name="percent"/> is 0 to 100, or -1 where it is not known.</summary>
    void Progress(string activity, string status, int percent = -1);

    /// <summary>Detail for a reader who asked for it.</summary>
    void Verbose(string message);

    /// <summary>Something the reader should know although the work goes on.</summary>
    void Warning(string message);
}
