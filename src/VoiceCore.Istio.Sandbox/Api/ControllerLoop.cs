using System.Threading.Channels;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>Runs the controllers: one task, one change after the other, every controller for every change.</summary>
internal sealed class ControllerLoop : IAsyncDisposable
{
    private readonly Channel<Action> _steps = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private StoreSubscription? _subscription;
    private Task _running = Task.CompletedTask;

    internal ControllerLoop(TimeProvider clock) => _clock = clock;

    /// <summary>Starts; what is in the store comes first.</summary>
    internal void Start(SandboxCluster cluster, IReadOnlyList<IController> controllers)
    {
        _subscription = cluster.Store.Subscribe();
        _running = Task.Run(() => RunAsync(cluster, controllers, _subscription));
    }

    /// <summary>Does something after a delay, between two changes.</summary>
    internal void After(TimeSpan delay, Action action) =>
        _ = Task.Delay(delay, _clock, _stop.Token).ContinueWith(_ => _steps.Writer.TryWrite(action), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    /// <summary>Waits until the controllers have seen every change that there is now, and those that they made of it.</summary>
    internal async Task SettleAsync(CancellationToken cancellationToken)
    {
        bool busy;
        do
        {
            var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _steps.Writer.TryWrite(() => done.TrySetResult(_subscription!.Events.TryPeek(out _)));
            // A controller that failed has ended the loop, and says so here rather than never.
            await await Task.WhenAny(done.Task, _running).WaitAsync(cancellationToken);
            busy = await done.Task.WaitAsync(cancellationToken);
        }
        while (busy);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _subscription?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(SandboxCluster cluster, IReadOnlyList<IController> controllers, StoreSubscription subscription)
    {
        var change = Task.FromResult(true);
        var step = change;
        try
        {
            while (true)
            {
                while (subscription.Events.TryRead(out var next))
                {
                    foreach (var controller in controllers)
                        Run(() => controller.Handle(next, cluster));
                }

                while (_steps.Reader.TryRead(out var next))
                    Run(next);
                change = change.IsCompleted ? subscription.Events.WaitToReadAsync(_stop.Token).AsTask() : change;
                step = step.IsCompleted ? _steps.Reader.WaitToReadAsync(_stop.Token).AsTask() : step;
                await Task.WhenAny(change, step);
                _stop.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
    }

    // A refused write is a controller's everyday life: the next change of the object brings it back to it.
    private static void Run(Action step)
    {
        try
        {
            step();
        }
        catch (ApiException)
        {
        }
    }
}
