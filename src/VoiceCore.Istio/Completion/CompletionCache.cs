using System.Collections.Concurrent;

namespace VoiceCore.Istio.Completion;

/// <summary>
/// Values for completion, read in the background and kept for a while. Asking never waits longer than a person would notice:
/// a read that takes longer serves the next press of Tab.
/// </summary>
internal sealed class CompletionCache(TimeProvider clock)
{
    /// <summary>How long values count as new.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>How long the asker waits.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a read may go on.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The values under a key: new ones where they can be had in time, else the last ones, else none.</summary>
    internal IReadOnlyList<CompletionCandidate> Get(string key, Func<CancellationToken, Task<IReadOnlyList<CompletionCandidate>>> read)
    {
        var entry = _entries.AddOrUpdate(
            key,
            _ => new Entry(clock.GetTimestamp(), Start(read), []),
            (_, known) => Expired(known) ? new Entry(clock.GetTimestamp(), Start(read), known.Values) : known);
        return entry.Reading.Wait(Patience) ? entry.Reading.Result ?? entry.Last : entry.Last;
    }

    private bool Expired(Entry entry) => entry.Reading.IsCompleted && clock.GetElapsedTime(entry.Started) > Lifetime;

    // A failed read gives null: completion has nobody to tell.
    private static Task<IReadOnlyList<CompletionCandidate>?> Start(Func<CancellationToken, Task<IReadOnlyList<CompletionCandidate>>> read) =>
        Task.Run<IReadOnlyList<CompletionCandidate>?>(async () =>
        {
            using var budget = new CancellationTokenSource(Budget);
            try
            {
                return await read(budget.Token);
            }
            catch (Exception)
            {
                return null;
            }
        });

    private sealed record Entry(long Started, Task<IReadOnlyList<CompletionCandidate>?> Reading, IReadOnlyList<CompletionCandidate> Last)
    {
        internal IReadOnlyList<CompletionCandidate> Values => Reading.Result ?? Last;
    }
}
