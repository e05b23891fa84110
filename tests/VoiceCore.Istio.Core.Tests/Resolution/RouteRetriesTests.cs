using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Istio's reference (HTTPRetry): numbers in retryOn are status codes; attempts 0 switches retries off; two retries by default.</summary>
public sealed class RouteRetriesTests
{
    private const string Default = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";

    [Theory]
    [InlineData("", Default, "")]
    [InlineData("5xx,reset", "5xx,reset", "")]
    [InlineData(" 5xx , , reset ", "5xx,reset", "")]
    [InlineData("gateway-error,503", "gateway-error,retriable-status-codes", "503")]
    [InlineData("retriable-status-codes,503,504", "retriable-status-codes", "503,504")]
    [InlineData("503", ",retriable-status-codes", "503")]
    [InlineData("599,5xx", "599,5xx", "")]
    public void Numbers_of_known_answers_become_status_codes(string written, string conditions, string codes)
    {
        var retries = RouteRetries.From(new HttpRetry { Attempts = 1, RetryOn = written })!;

        Assert.Equal((conditions, codes), (retries.RetryOn, string.Join(',', retries.StatusCodes)));
    }

    [Fact]
    public void Without_a_policy_there_are_two_retries_and_no_time_for_a_try()
    {
        var retries = RouteRetries.From(null)!;

        Assert.Equal((2, Default, null), (retries.Count, retries.RetryOn, retries.PerTryTimeout));
    }

    [Fact]
    public void No_attempts_are_no_retries() => Assert.Null(RouteRetries.From(new HttpRetry { Attempts = 0, PerTryTimeout = TimeSpan.FromSeconds(2) }));

    // Envoy: the wait before retry n is below (2^n - 1) × base, and at most ten times the base.
    [Fact]
    public void Waits_grow_up_to_ten_times_the_base() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 2000]).Sample((attempts, milliseconds) =>
    {
        var policy = new HttpRetry { Attempts = attempts, BackOff = TimeSpan.FromMilliseconds(milliseconds) };
        var expected = Enumerable.Range(1, attempts).Sum(retry => Math.Min(Math.Pow(2, retry) - 1, 10) * milliseconds);
        return RouteRetries.From(policy)!.LongestBackOff == TimeSpan.FromMilliseconds(expected);
    });
}
