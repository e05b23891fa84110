using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Tests.Abstractions;

/// <summary>The base class under the real engine: stopping, leaving early, progress and errors.</summary>
public sealed class MeshCmdletTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_is_stopped_may_clean_up_for_a_second_at_most() => Assert.InRange(MeshCmdlet.StopGrace, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Work_that_waits_ends_when_the_pipeline_is_stopped()
    {
        using var shell = Shell("Test-Waiting");
        WaitingCommand.Reset();
        var running = shell.BeginInvoke();
        Assert.True(WaitingCommand.Started.Wait(Patience, TestContext.Current.CancellationToken));

        await StopAsync(shell);

        Assert.True(running.AsyncWaitHandle.WaitOne(Patience));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.True(WaitingCommand.Cancelled.Wait(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Work_that_cannot_be_stopped_does_not_hold_the_prompt()
    {
        using var shell = Shell("Test-Computing");
        ComputingCommand.Reset();
        var running = shell.BeginInvoke();
        try
        {
            Assert.True(ComputingCommand.Started.Wait(Patience, TestContext.Current.CancellationToken));

            await StopAsync(shell);

            Assert.True(running.AsyncWaitHandle.WaitOne(Patience));
            Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        }
        finally
        {
            ComputingCommand.MayEnd.Set();
        }
    }

    [Fact]
    public void A_stream_that_is_left_early_is_closed()
    {
        // What Select-Object -First does: an exception out of WriteObject, then Dispose, and neither StopProcessing nor EndProcessing.
        using var shell = Shell("do { Test-Streaming | ForEach-Object { $_; break } } while ($false)");
        StreamingCommand.Reset();

        var output = shell.Invoke();

        Assert.Equal(1, Assert.Single(output).BaseObject);
        Assert.True(StreamingCommand.Closed.Wait(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_error_of_a_downstream_command_passes_through()
    {
        using var shell = Shell("Test-Streaming | ForEach-Object { throw 'downstream' }");
        StreamingCommand.Reset();

        var error = Assert.Throws<RuntimeException>(() => shell.Invoke());

        Assert.Equal("downstream", error.Message);
        Assert.True(StreamingCommand.Closed.Wait(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Activity_is_told_from_any_thread_and_in_order()
    {
        using var shell = Shell("Test-Talking -Verbose");

        shell.Invoke();

        Assert.Equal(["one", "two"], shell.Streams.Verbose.Select(record => record.Message));
        Assert.Equal(["careful"], shell.Streams.Warning.Select(record => record.Message));
        Assert.Equal(["a: 1", "b: 2"], shell.Streams.Progress.Where(r => r.RecordType == ProgressRecordType.Processing).Select(r => $"{r.Activity}: {r.StatusDescription}"));
        Assert.Equal(2, shell.Streams.Progress.Where(r => r.RecordType == ProgressRecordType.Completed).Select(r => r.ActivityId).Distinct().Count());
    }

    [Fact]
    public void One_bad_item_does_not_stop_the_rest()
    {
        using var shell = Shell("'good', 'bad', 'better' | Test-Item");

        var output = shell.Invoke().Select(item => (string)item.BaseObject);

        Assert.Equal(["good", "better"], output);
        var error = Assert.Single(shell.Streams.Error);
        Assert.Equal("ItemIsBad,VoiceCore.Istio.Tests.Abstractions.ItemCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal("bad", error.TargetObject);
        Assert.Equal("The item is bad. Give a better one.", error.ErrorDetails.Message);
        Assert.Equal("Give a better one.", ((MeshException)error.Exception).RecommendedAction);
    }

    [Fact]
    public void Every_category_of_Core_is_one_of_PowerShell() =>
        Assert.All(Enum.GetNames<MeshErrorCategory>(), name => Assert.True(Enum.TryParse<ErrorCategory>(name, out _), name));

    private static Task StopAsync(PowerShell shell) =>
        Task.Run(shell.Stop, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

    private static PowerShell Shell(string script)
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (var (name, type) in new[]
        {
            ("Test-Waiting", typeof(WaitingCommand)),
            ("Test-Computing", typeof(ComputingCommand)),
            ("Test-Streaming", typeof(StreamingCommand)),
            ("Test-Talking", typeof(TalkingCommand)),
            ("Test-Item", typeof(ItemCommand)),
        })
            state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
        return PowerShell.Create(state).AddScript(script);
    }
}

[Cmdlet(VerbsDiagnostic.Test, "Waiting")]
public sealed class WaitingCommand : MeshCmdlet
{
    internal static ManualResetEventSlim Started { get; private set; } = new();

    internal static ManualResetEventSlim Cancelled { get; private set; } = new();

    internal static void Reset() => (Started, Cancelled) = (new(), new());

    protected override void ProcessRecord() => Run(async (_, cancellationToken) =>
    {
        Started.Set();
        try
        {
            // Not for ever: where a stop does not come through, the test is to fail and not to hang.
            await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
        }
        finally
        {
            Cancelled.Set();
        }
    });
}

[Cmdlet(VerbsDiagnostic.Test, "Computing")]
public sealed class ComputingCommand : MeshCmdlet
{
    internal static ManualResetEventSlim Started { get; private set; } = new();

    internal static ManualResetEventSlim MayEnd { get; private set; } = new();

    internal static void Reset() => (Started, MayEnd) = (new(), new());

    protected override void ProcessRecord() => Compute("Judging", () =>
    {
        Started.Set();
        MayEnd.Wait(CancellationToken.None);
        return 0;
    });
}

[Cmdlet(VerbsDiagnostic.Test, "Streaming")]
public sealed class StreamingCommand : MeshCmdlet
{
    internal static ManualResetEventSlim Closed { get; private set; } = new();

    internal static void Reset() => Closed = new();

    protected override void ProcessRecord()
    {
        foreach (var number in Stream((_, cancellationToken) => Numbers(cancellationToken)))
            WriteObject(number);
    }

    private static async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 1; ; i++)
            {
                yield return i;
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Closed.Set();
        }
    }
}

[Cmdlet(VerbsDiagnostic.Test, "Talking")]
public sealed class TalkingCommand : MeshCmdlet
{
    protected override void ProcessRecord() => Run(async (log, cancellationToken) =>
    {
        await Task.Run(() => log.Verbose("one"), cancellationToken);
        await Task.Run(() => log.Verbose("two"), cancellationToken);
        log.Warning("careful");
        log.Progress("a", "1");
        log.Progress("b", "2", 50);
    });
}

[Cmdlet(VerbsDiagnostic.Test, "Item")]
public sealed class ItemCommand : MeshCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public string Name { get; set; } = "";

    protected override void ProcessRecord()
    {
        if (TryItem(() =>
        {
            if (Name == "bad")
                throw new MeshException("ItemIsBad", MeshErrorCategory.InvalidData, Name, "The item is bad.", "Give a better one.");
        }))
            WriteObject(Name);
    }
}
