namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The one retry policy of the client: few tries, growing pauses, the server's own <c>Retry-After</c> where it gives one, and an end.
/// </summary>
internal static class RequestRetries
{
    /// <summary>Tries altogether.</summary>
    internal const int MaximumTries = 5;

    /// <summary>No new try is begun after this time.</summary>
    internal static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long to wait before the next try of a request that got this answer; null: it is final.</summary>
    internal static TimeSpan? PauseAfter(ApiRequest request, ApiAnswer answer, int tries, TimeSpan elapsed)
    {
        // 429 with Retry-After: refused before it was looked at, so that anything may be sent again. Without it, it is a decision,
        // such as an eviction against a disruption budget.
        var again = answer.StatusCode == 429
            ? answer.RetryAfter is not null
            : request.Idempotent && answer.StatusCode is >= 500 and not 501 && !ApiStatus.Parse(answer.Body).IsUnknownField;
        return again ? Pause(tries, elapsed, answer.RetryAfter) : null;
    }

    /// <summary>The same after a connection that could not be made or broke.</summary>
    internal static TimeSpan? PauseAfter(ApiRequest request, HttpRequestException failure, int tries, TimeSpan elapsed)
    {
        var again = failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded => false,

            // Refused: nothing was sent.
            HttpRequestError.ConnectionError => true,
            _ => request.Idempotent,
        };
        return again ? Pause(tries, elapsed, asked: null) : null;
    }

    /// <summary>The pause before the next try of anything that failed in passing; null: there is to be none.</summary>
    internal static TimeSpan? Pause(int tries, TimeSpan elapsed, TimeSpan? asked)
    {
        var pause = asked ?? FirstPause * Math.Pow(2, tries - 1);
        return tries < MaximumTries && elapsed + pause <= MaximumTime ? pause : null;
    }
}
