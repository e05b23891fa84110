using System.Collections.Concurrent;
using System.Management.Automation;
using VoiceCore.Istio.Core.Activity;

namespace VoiceCore.Istio.Abstractions;

/// <summary>
/// Carries what Core tells of its work, from whatever thread, to the pipeline's thread, the only one that may write to PowerShell's streams.
/// </summary>
internal sealed class PipelineActivityLog : IActivityLog, IDisposable
{
    private readonly BlockingCollection<Action<Cmdlet>> _messages = [];
    private readonly ConcurrentDictionary<string, int> _activities = new();
    private readonly Cmdlet _cmdlet;

    internal PipelineActivityLog(Cmdlet cmdlet)
    {
        _cmdlet = cmdlet;
    }

    public void Progress(string activity, string status, int percent = -1)
    {
        var id = _activities.GetOrAdd(activity, static (_, known) => known.Count + 1, _activities);
        Add(cmdlet => cmdlet.WriteProgress(new ProgressRecord(id, activity, status.Length == 0 ? " " : status) { PercentComplete = percent }));
    }

    public void Verbose(string message) => Add(cmdlet => cmdlet.WriteVerbose(message));

    public void Warning(string message) => Add(cmdlet => cmdlet.WriteWarning(message));

    /// <summary>Shows messages as they come until the task has ended; leaves at once when the pipeline is stopped.</summary>
    internal void ShowUntilDone(Task task, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _ = task.ContinueWith(_ => TryCancel(ended), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (!task.IsCompleted)
                _messages.Take(ended.Token)(_cmdlet);
        }
        catch (OperationCanceledException) when (task.IsCompleted)
        {
            // The task ended while this thread waited for a message.
        }

        while (_messages.TryTake(out var message))
            message(_cmdlet);
        foreach (var (activity, id) in _activities)
            _cmdlet.WriteProgress(new ProgressRecord(id, activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    public void Dispose() => _messages.CompleteAdding();

    // Work that was stopped may still talk for a moment; nobody listens any more.
    private void Add(Action<Cmdlet> message)
    {
        try
        {
            _messages.Add(message);
        }
        catch (InvalidOperationException)
        {
        }
    }

    private static void TryCancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
