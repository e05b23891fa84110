using System.Diagnostics;

namespace VoiceCore.Istio.Host.Tests;

/// <summary>A host that the system asks to end leaves nothing behind.</summary>
public sealed class TerminationTests
{
    [Theory]
    [InlineData("TERM", 143, "Start-Sleep 600")]
    [InlineData("HUP", 129, "Start-Sleep 600")]
    // A pipeline that cannot be stopped.
    [InlineData("TERM", 143, "[Threading.Thread]::Sleep(600000)")]
    public async Task Removes_the_kubeconfig_of_a_sandbox(string signal, int exitCode, string work)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no program that sends a signal.");
        Assert.SkipWhen(signal == "HUP" && IgnoresHangup(), "The tests run without SIGHUP, as under nohup; the host inherits that, and .NET leaves it so.");
        using var host = HostProcess.Start(["-NonInteractive", "-Command", $"(Start-MeshSandbox).Kubeconfig; {work}"]);
        try
        {
            var kubeconfig = await host.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(File.Exists(kubeconfig));

            using (var kill = Process.Start("kill", [$"-{signal}", $"{host.Id}"]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await host.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            Assert.Equal(exitCode, host.ExitCode);
            Assert.False(Directory.Exists(Path.GetDirectoryName(kubeconfig)));
        }
        finally
        {
            host.Kill();
        }
    }

    // Of the mask of ignored signals, SIGHUP is the first bit.
    private static bool IgnoresHangup() =>
        OperatingSystem.IsLinux() && (Convert.ToInt32(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[^1..], 16) & 1) != 0;
}
