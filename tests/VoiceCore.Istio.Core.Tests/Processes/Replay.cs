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
}
