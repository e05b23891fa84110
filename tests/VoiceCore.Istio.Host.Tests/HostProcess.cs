using System.Diagnostics;

namespace VoiceCore.Istio.Host.Tests;

/// <summary>Runs the host as a process, as a person or a pipeline does.</summary>
internal static class HostProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "voicecore-istio.dll");

    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, string input = "", params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), await error);
    }

    /// <summary>Starts it, for a test that talks with it meanwhile.</summary>
    internal static Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
