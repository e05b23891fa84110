using System.Diagnostics;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>Runs a program to its end, and says how long that took.</summary>
internal static class ChildProcess
{
    /// <summary>The milliseconds from start to end.</summary>
    internal static double Milliseconds(string program, params string[] arguments)
    {
        Run(program, arguments, out var elapsed);
        return elapsed.TotalMilliseconds;
    }

    /// <summary>What a program writes, and how long it took.</summary>
    internal static string Run(string program, string[] arguments, out TimeSpan elapsed)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        // istioctl lists the files there.
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        elapsed = clock.Elapsed;
        return output;
    }
}
