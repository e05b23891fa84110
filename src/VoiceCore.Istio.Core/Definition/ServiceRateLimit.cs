namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// A limit of a service as a whole. Each of its pods keeps its share by itself (Envoy's local rate limit), before the request reaches the
/// application; see <see cref="RateLimitShare"/>.
/// </summary>
public sealed record ServiceRateLimit
{
    /// <summary>Requests in an interval, of the service as a whole, from 1.</summary>
    public required int Requests { get; init; }

    /// <summary>The interval.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Limits of single tenants, within the same interval; they count for the limit of the service too.</summary>
    public IReadOnlyDictionary<string, int> Tenants { get; init; } = new Dictionary<string, int>();
}
