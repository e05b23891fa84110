namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// Chains of calls along which retries multiply: each service of a chain tries <c>1 + attempts</c> times, so that one request at the beginning
/// may become their product at the end.
/// </summary>
internal sealed class RetryChains
{
    /// <summary>As many requests out of one as are worth a warning.</summary>
    internal const long Threshold = 10;

    private readonly ILookup<string, string> _callers;
    private readonly ILookup<string, string> _callees;
    private readonly Func<string, int> _tries;
    private readonly Dictionary<string, (long Requests, IReadOnlyList<string> Path)?> _worst = new(StringComparer.Ordinal);

    /// <summary>Takes who calls whom, and how often a service is tried by each caller.</summary>
    internal RetryChains(IEnumerable<(string Caller, string Service)> calls, Func<string, int> tries)
    {
        var all = calls.Where(call => call.Caller != call.Service).Distinct().ToArray();
        _callers = all.ToLookup(call => call.Service, call => call.Caller, StringComparer.Ordinal);
        _callees = all.ToLookup(call => call.Caller, call => call.Service, StringComparer.Ordinal);
        _tries = tries;
    }

    /// <summary>The worst chain of each service at which retries end, where more than one service of it retries.</summary>
    internal IEnumerable<Chain> Worst()
    {
        foreach (var service in _callers.Select(group => group.Key).Order(StringComparer.Ordinal))
        {
            if (_tries(service) <= 1 || _callees[service].Any(next => _tries(next) > 1))
                continue;
            var chain = WorstTo(service);
            if (chain.Requests >= Threshold && chain.Path.Count(step => _tries(step) > 1) > 1)
                yield return new Chain(service, chain.Requests, string.Join(" → ", chain.Path.Select(step => _tries(step) > 1 && _callers.Contains(step) ? $"{step} ({_tries(step)} tries)" : step)));
        }
    }

    // Each service once: where services call in circles, the circle is cut at the service that was asked for first.
    private (long Requests, IReadOnlyList<string> Path) WorstTo(string service)
    {
        if (_worst.TryGetValue(service, out var known))
            return known ?? (0, [service]);
        _worst.Add(service, null);
        var worst = _callers[service]
            .Order(StringComparer.Ordinal)
            .Select(WorstTo)
            .Where(chain => chain.Requests > 0 && !chain.Path.Contains(service))
            .DefaultIfEmpty((Requests: 1, Path: []))
            .MaxBy(chain => chain.Requests);
        var tries = _callers.Contains(service) ? _tries(service) : 1;
        var result = (Math.Min(worst.Requests * tries, int.MaxValue), (IReadOnlyList<string>)[.. worst.Path, service]);
        _worst[service] = result;
        return result;
    }

    /// <summary>A chain.</summary>
    /// <param name="Service">The service at its end.</param>
    /// <param name="Requests">As many requests may arrive there for one at the beginning.</param>
    /// <param name="Text">The services of the chain.</param>
    internal sealed record Chain(string Service, long Requests, string Text);
}
