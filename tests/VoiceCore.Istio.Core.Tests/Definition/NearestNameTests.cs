using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["timeout", "retries", "circuitBreaker", "mtls"];

    [Theory]
    [InlineData("timout", "timeout")]
    [InlineData("tiemout", "timeout")]
    [InlineData("Timeout", "timeout")]
    [InlineData("retry", null)]
    [InlineData("circuit_breaker", "circuitBreaker")]
    [InlineData("mtl", "mtls")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    public void FindsWhatWasMeant(string name, string? meant) => Assert.Equal(meant, NearestName.Find(name, Known));

    [Fact]
    public void FindsNothingAmongNothing() => Assert.Null(NearestName.Find("timeout", []));

    [Fact]
    public void DoesNotCompareHugeNames() => Assert.Null(NearestName.Find(new string('t', 1_000_000), Known));
}
