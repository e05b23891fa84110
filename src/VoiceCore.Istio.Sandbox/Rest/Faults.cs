using VoiceCore.Istio.Sandbox.Http;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>A failure to rehearse: which requests meet it, how often, and what they get.</summary>
/// <param name="Matches">Which requests.</param>
public sealed record Fault(Func<HttpRequest, bool> Matches)
{
    /// <summary>How many requests meet it; after that it is gone.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The answer's status; null where the request goes on to the API.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The answer's <c>Retry-After</c>, in whole seconds; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How long the request waits before anything else happens to it.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True: the connection breaks in place of an answer.</summary>
    public bool BreaksConnection { get; init; }
}

/// <summary>The failures that a sandbox still has in store.</summary>
public sealed class Faults
{
    private readonly object _lock = new();
    private readonly List<(Fault Fault, int Left)> _faults = [];

    /// <summary>Adds a failure; of several that match a request, the first added is met.</summary>
    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add((fault, fault.Times));
    }

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    internal Fault? Meet(HttpRequest request)
    {
        lock (_lock)
        {
            var at = _faults.FindIndex(item => item.Left > 0 && item.Fault.Matches(request));
            if (at < 0)
                return null;
            var (fault, left) = _faults[at];
            if (left > 1)
                _faults[at] = (fault, left - 1);
            else
                _faults.RemoveAt(at);
            return fault;
        }
    }
}
