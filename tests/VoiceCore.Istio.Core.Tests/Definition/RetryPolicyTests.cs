using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class RetryPolicyTests
{
    // (attempts + 1) tries share the time-out.
    [Theory]
    [InlineData(30, 3, 10_000, 7_500)]
    [InlineData(60, 3, 20_000, 15_000)]
    [InlineData(120, 2, 60_000, 40_000)]
    [InlineData(60, 2, 30_000, 20_000)]
    [InlineData(45, 3, 15_000, 11_250)]
    [InlineData(40, 3, 10_000, 10_000)]
    [InlineData(10, 2, 5_000, 3_333)]
    [InlineData(30, 0, 40_000, 30_000)]
    public void EveryTryFitsIntoTheTimeout(int timeoutSeconds, int attempts, int askedMilliseconds, int renderedMilliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(renderedMilliseconds),
            Policy(attempts, askedMilliseconds).EffectivePerTryTimeout(TimeSpan.FromSeconds(timeoutSeconds)));

    [Fact]
    public void WithoutATimeoutNothingLimitsATry() =>
        Assert.Equal(TimeSpan.FromSeconds(10), Policy(3, 10_000).EffectivePerTryTimeout(null));

    [Fact]
    public void NeverBeyondTheTimeoutAndNeverMoreThanAsked() =>
        Gen.Select(Gen.Int[100, 86_400_000], Gen.Int[0, 100], Gen.Int[1, 86_400_000]).Sample((timeout, attempts, asked) =>
        {
            var rendered = Policy(attempts, asked).EffectivePerTryTimeout(TimeSpan.FromMilliseconds(timeout))!.Value.TotalMilliseconds;
            Assert.True((attempts + 1) * rendered <= timeout);
            Assert.True(rendered <= asked);
            Assert.True(rendered == asked || (attempts + 1) * (rendered + 1) > timeout, "less than what fits");
        });

    private static RetryPolicy Policy(int attempts, int perTryMilliseconds) =>
        new() { Attempts = attempts, PerTryTimeout = TimeSpan.FromMilliseconds(perTryMilliseconds) };
}
