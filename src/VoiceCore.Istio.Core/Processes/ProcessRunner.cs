using System.Diagnostics;
using System.Text;

namespace VoiceCore.Istio.Core.Processes;

/// <summary>
/// The one way to run a program: an argument list and no shell, standard input closed, both outputs read as UTF-8 while it runs,
/// and the program with all its children ended when its time is up or the caller has had enough.
/// </summary>
internal static class ProcessRunner
{
    /// <summary>Characters that are kept of each output; what comes after is read and dropped, so that the program does not block.</summary>
    internal const int MaximumOutput = 64 * 1024 * 1024;

    // A grandchild that survives may hold the pipes open: they are not waited for longer than this after the program's end.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program to its end. A program that cannot be started throws what <see cref="Process.Start()"/> throws.</summary>
    internal static async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfo(request) };
        process.Start();
        process.StandardInput.Close();

        using var pipesClosed = new CancellationTokenSource();
        var output = new OutputCollector(MaximumOutput, request.OnLine);
        var error = new OutputCollector(MaximumOutput, request.OnLine);
        var reading = Task.WhenAll(
            output.ReadAsync(process.StandardOutput, pipesClosed.Token),
            error.ReadAsync(process.StandardError, pipesClosed.Token));

        using var timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeUp.CancelAfter(request.Timeout);
        try
        {
            await process.WaitForExitAsync(timeUp.Token);
            pipesClosed.CancelAfter(PipeGrace);
            await reading;
            return Result(process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            EndTree(process);
            pipesClosed.CancelAfter(PipeGrace);
            await reading;
            cancellationToken.ThrowIfCancellationRequested();
            return Result(exitCode: null);
        }

        ProcessResult Result(int? exitCode) => new(exitCode, output.Text, error.Text, output.Truncated || error.Truncated);
    }

    private static ProcessStartInfo StartInfo(ProcessRequest request)
    {
        var info = new ProcessStartInfo(request.Program, request.Arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = request.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in request.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static void EndTree(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(PipeGrace);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile, or a child did.
        }
    }
}
