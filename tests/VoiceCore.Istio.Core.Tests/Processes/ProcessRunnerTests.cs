using VoiceCore.Istio.Core.Processes;

namespace VoiceCore.Istio.Core.Tests.Processes;

/// <summary>The runner with a real child process.</summary>
public sealed class ProcessRunnerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("processes");
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public ProcessRunnerTests()
    {
        _patience.CancelAfter(Replay.Patience);
    }

    private string PidFile => Path.Combine(_folder.FullName, "pid");

    private CancellationToken Stop => _patience.Token;

    [Fact]
    public async Task Both_outputs_and_the_exit_code_come_back()
    {
        var recording = Replay.Recording(_folder, "failed", "résumé\n", "Error: no\n", exitCode: 79);

        var result = await ProcessRunner.RunAsync(Replay.Request(recording), Stop);

        Assert.Equal(new ProcessResult(79, "résumé\n", "Error: no\n", Truncated: false), result);
    }

    [Fact]
    public async Task Twenty_megabytes_on_each_output_do_not_block_the_program()
    {
        var lines = 0;
        var request = Replay.Request("flood") with { OnLine = _ => Interlocked.Increment(ref lines) };

        var result = await ProcessRunner.RunAsync(request, Stop);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(20 * 1024 * 1024, result.StandardOutput.Length);
        Assert.Equal(20 * 1024 * 1024, result.StandardError.Length);
        Assert.Equal(2 * 20 * 1024, lines);
        Assert.False(result.Truncated);
    }

    [Fact]
    public async Task Arguments_arrive_as_they_were_given()
    {
        string[] arguments = ["a b", "", "\"quoted\"", @"back\slash\", "$HOME", "%PATH%", "ä€", "a;b|c", "--set=x={a,b}"];

        var result = await ProcessRunner.RunAsync(Replay.Request("arguments", arguments) with { WorkingDirectory = _folder.FullName }, Stop);

        Assert.Equal(arguments, result.StandardOutput.ReplaceLineEndings("\n").Split('\n')[..arguments.Length]);
    }

    [Fact]
    public async Task Nothing_comes_from_standard_input() =>
        Assert.Equal(0, (await ProcessRunner.RunAsync(Replay.Request("input"), Stop)).ExitCode);

    [Fact]
    public async Task A_program_whose_time_is_up_is_ended()
    {
        // Long enough for the program to start and to hang.
        var request = Replay.Request("hang") with { Timeout = TimeSpan.FromSeconds(5) };
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { ["REPLAY_PID"] = PidFile } };

        var result = await ProcessRunner.RunAsync(request, Stop);

        Assert.True(result.TimedOut);
        // On a machine under load its time was up before.
        if (File.Exists(PidFile) && (await File.ReadAllTextAsync(PidFile, Stop)).EndsWith('\n'))
            await WatchedProcess.EndedAsync(await WatchedProcess.HangingAsync(PidFile, Stop), Stop);
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_its_children()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var request = Replay.Request("child");
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { ["REPLAY_PID"] = PidFile } };

        var running = ProcessRunner.RunAsync(request, stop.Token);
        var child = await WatchedProcess.HangingAsync(PidFile, Stop);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await WatchedProcess.EndedAsync(child, Stop);
    }

    [Fact]
    public async Task A_child_that_holds_the_pipes_open_does_not_hold_up_the_result()
    {
        var request = Replay.Request("orphan");
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { ["REPLAY_PID"] = PidFile } };

        var result = await ProcessRunner.RunAsync(request, Stop);

        WatchedProcess.End(await WatchedProcess.HangingAsync(PidFile, Stop));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Nothing_is_started_after_a_stop() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProcessRunner.RunAsync(Replay.Request("hang"), new CancellationToken(canceled: true)));

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Delete(recursive: true);
    }
}
