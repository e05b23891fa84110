using System.Diagnostics;
using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Tests.Processes;

/// <summary>The program that behaves as <c>REPLAY</c> says, beside the tests.</summary>
internal static class Replay
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ReplayIstioctl.exe" : "ReplayIstioctl");

    internal static ProcessRequest Request(string behaviour, params string[] arguments) => new()
    {
        Program = Program,
        Arguments = arguments,
        Environment = new Dictionary<string, string> { ["REPLAY"] = behaviour },
        Timeout = Patience,
    };

    /// <summary>A recording of our own: a folder to give as <c>REPLAY</c>.</summary>
    internal static string Recording(DirectoryInfo parent, string name, string output, string error = "", int exitCode = 0)
    {
        var folder = parent.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "stdout.txt"), output);
        File.WriteAllText(Path.Combine(folder, "stderr.txt"), error);
        File.WriteAllText(Path.Combine(folder, "exit-code"), $"{exitCode}\n");
        return folder;
    }

    /// <summary>The process id that the program, or its child, writes when it hangs.</summary>
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
