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
    private readonly Func<string, int> _tries;
    private readonly Dictionary<string, (long Requests, IReadOnlyList<string> Path)?> _worst = new(StringComparer.Ordinal);

    /// <summary>Takes who calls whom, and how often a service is tried by each caller.</summary>
    internal RetryChains(IEnumerable<(string Caller, string Service)> calls, Func<string, int> tries)
    {
        var all = calls.Where(call => call.Caller != call.Service).Distinct().ToArray();
        _callers = all.ToLookup(call => call.Service, call => call.Caller, StringComparer.Ordinal);
        _tries = tries;
    }

    /// <summary>The worst chain to each service that retries, where more than one service of it does; not those that another one goes on from.</summary>
    internal IEnumerable<Chain> Worst()
    {
        var chains = _callers.Select(group => group.Key)
            .Where(service => _tries(service) > 1)
            .Order(StringComparer.Ordinal)
            .Select(service => (Service: service, Worst: WorstTo(service)))
            .Where(chain => chain.Worst.Requests >= Threshold && chain.Worst.Path.Count(step => _tries(step) > 1) > 1)
            .ToArray();
        // A chain that another one goes on from stands on the path of that one, at the place of its own end.
        var continued = chains
            .SelectMany(chain => chain.Worst.Path.SkipLast(1).Select((service, index) => (Service: service, Length: index + 1, chain.Worst.Path)))
            .Where(step => WorstTo(step.Service).Path is { } path && path.Count == step.Length && step.Path.Take(step.Length).SequenceEqual(path))
            .Select(step => step.Service)
            .ToHashSet(StringComparer.Ordinal);
        return chains
            .Where(chain => !continued.Contains(chain.Service))
            .Select(chain => new Chain(chain.Service, chain.Worst.Requests, string.Join(" → ", chain.Worst.Path.Select(Step))));
    }

    private string Step(string service) => _tries(service) > 1 && _callers.Contains(service) ? $"{service} ({_tries(service)} tries)" : service;

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
