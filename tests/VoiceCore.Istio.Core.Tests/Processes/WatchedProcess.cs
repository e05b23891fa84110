using System.Diagnostics;

namespace VoiceCore.Istio.Core.Tests.Processes;

/// <summary>A process that a test did not start itself.</summary>
internal static class WatchedProcess
{
    /// <summary>The process id that <c>ReplayIstioctl</c>, or its child, writes to a file when it hangs.</summary>
    internal static async Task<int> HangingAsync(string file, CancellationToken cancellationToken)
    {
        string text;
        while (!File.Exists(file) || !(text = await ReadAsync(file, cancellationToken)).EndsWith('\n'))
            await Task.Delay(20, cancellationToken);
        return int.Parse(text.Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Ends when the process has ended, or has ended and nobody has asked for its exit code yet.</summary>
    internal static async Task EndedAsync(int processId, CancellationToken cancellationToken)
    {
        while (IsRunning(processId))
            await Task.Delay(20, cancellationToken);
    }

    /// <summary>Ends a process that a test leaves behind on purpose.</summary>
    internal static void End(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            return false;
        }
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
