using System.Globalization;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Retries as the proxy makes them. Source: pilot/pkg/networking/core/route/retry/retry.go.</summary>
/// <param name="Count">Retries beyond the first try.</param>
/// <param name="RetryOn">Envoy's conditions, separated by commas.</param>
/// <param name="StatusCodes">The status codes of the condition <c>retriable-status-codes</c>.</param>
/// <param name="PerTryTimeout">Time of one try; null = no limit but the route's.</param>
/// <param name="BackOff">The base interval of the waits before retries.</param>
internal sealed record RouteRetries(int Count, string RetryOn, IReadOnlyList<int> StatusCodes, TimeSpan? PerTryTimeout, TimeSpan BackOff)
{
    private const string StatusCodesCondition = "retriable-status-codes";

    // Envoy's own base interval (documentation of the router filter, x-envoy-max-retries).
    private static readonly TimeSpan DefaultBackOff = TimeSpan.FromMilliseconds(25);

    private static readonly RouteRetries Default = new(2, "connect-failure,refused-stream,unavailable,cancelled," + StatusCodesCondition, [], null, DefaultBackOff);

    // What `http.StatusText` of Go knows; another number is taken as a condition.
    private static readonly HashSet<int> KnownStatusCodes =
    [
        .. Enumerable.Range(100, 4), .. Enumerable.Range(200, 9), 226, .. Enumerable.Range(300, 6), 307, 308, .. Enumerable.Range(400, 19),
        .. Enumerable.Range(421, 6), 428, 429, 431, 451, .. Enumerable.Range(500, 9), 510, 511,
    ];

    /// <summary>The longest that all waits before retries take together: the n-th is below 2ⁿ-1 times the base, and at most ten times.</summary>
    internal TimeSpan LongestBackOff => BackOff * (Count switch { <= 0 => 0, 1 => 1, 2 => 4, _ => 11 + (10.0 * (Count - 3)) });

    /// <summary>The retries of a policy (null = Istio's default); null where it switches retries off.</summary>
    internal static RouteRetries? From(HttpRetry? policy)
    {
        if (policy is null)
            return Default;
        if (policy.Attempts <= 0)
            return null;
        var retries = Default with { Count = policy.Attempts, PerTryTimeout = policy.PerTryTimeout, BackOff = policy.BackOff ?? DefaultBackOff };
        if (policy.RetryOn.Length == 0)
            return retries;

        var codes = new List<int>();
        var conditions = new List<string>();
        foreach (var part in policy.RetryOn.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) && KnownStatusCodes.Contains(code))
                codes.Add(code);
            else
                conditions.Add(part);
        }

        var joined = string.Join(',', conditions);
        if (codes.Count > 0 && !joined.Contains(StatusCodesCondition, StringComparison.Ordinal))
            joined += "," + StatusCodesCondition;
        return retries with { RetryOn = joined, StatusCodes = codes };
    }
}
