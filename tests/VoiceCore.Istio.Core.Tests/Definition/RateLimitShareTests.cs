using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class RateLimitShareTests
{
    [Theory]
    [InlineData(600, 5, 120, 240, 600)]
    [InlineData(100, 3, 33, 66, 99)]
    [InlineData(2, 5, 1, 2, 5)]
    [InlineData(10, 1, 10, 20, 10)]
    public void A_pod_gets_its_part_of_the_limit(int limit, int maximum, int perPod, int atTwo, int atMaximum)
    {
        var share = new RateLimitShare(limit, maximum);

        Assert.Equal((perPod, atTwo, atMaximum), (share.PerPod, share.At(2), share.At(maximum)));
    }

    [Fact]
    public void No_number_of_pods_admits_more_than_the_limit_and_the_greatest_wastes_less_than_a_request_each() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, 10_000]).Where((limit, maximum) => limit >= maximum).Sample((limit, maximum) =>
        {
            var share = new RateLimitShare(limit, maximum);
            Assert.InRange(share.At(maximum), limit - maximum + 1, limit);
        });
}
