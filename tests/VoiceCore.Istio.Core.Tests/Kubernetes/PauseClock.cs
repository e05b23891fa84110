namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>
/// A clock on which every pause passes at once and is noted. Time-outs (timers of a <see cref="CancellationTokenSource"/>) wait until
/// a test lets them pass.
/// </summary>
internal sealed class PauseClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timeouts = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal List<TimeSpan> Pauses { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_lock)
        {
            if (state is CancellationTokenSource)
            {
                _timeouts.Add(timer);
                return timer;
            }

            Pauses.Add(dueTime);
            _now += dueTime;
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        return timer;
    }

    internal void Advance(TimeSpan time) => _now += time;

    /// <summary>Lets every time-out pass.</summary>
    internal void PassTimeouts()
    {
        List<Timer> due;
        lock (_lock)
            due = [.. _timeouts];
        due.ForEach(timer => timer.Callback());
    }

    private sealed record Timer(PauseClock Clock, Action Callback) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (Clock._lock)
                Clock._timeouts.RemoveAll(timer => ReferenceEquals(timer, this));
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
