namespace VoiceCore.Istio.Core.Definition;

/// <summary>What a caller's proxy tries again. Source: Istio's <c>VirtualService</c> reference, <c>HTTPRetry</c>.</summary>
public sealed record RetryPolicy
{
    /// <summary>
    /// Conditions under which a request cannot have been carried out yet, so that trying again cannot carry it out twice.
    /// They are those of Istio's own default that hold in every version (503 was in it until 1.23).
    /// </summary>
    public static readonly IReadOnlyList<string> SafeConditions = ["connect-failure", "refused-stream", "unavailable", "cancelled"];

    /// <summary>Number of retries, beyond the first try; 0 switches them off.</summary>
    public required int Attempts { get; init; }

    /// <summary>How long one try may take; null: as long as the request.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>When a try is repeated: Envoy's conditions or status codes.</summary>
    public IReadOnlyList<string> RetryOn { get; init; } = SafeConditions;

    /// <summary>
    /// The rendered time-out of one try. Every try must be able to end within the request's time-out:
    /// (attempts + 1) × per try ≤ time-out. Where it would not, the number of tries is kept and each gets less time, in whole milliseconds.
    /// Envoy's waits between tries (at most 25, 75, 175, then 250 ms) are left out of account.
    /// </summary>
    public TimeSpan? EffectivePerTryTimeout(TimeSpan? timeout)
    {
        if (timeout is not { } total || PerTryTimeout is not { } perTry)
            return PerTryTimeout;

        var share = TimeSpan.FromMilliseconds(Math.Floor(total.TotalMilliseconds / (Attempts + 1)));
        return perTry <= share ? perTry : share;
    }
}
