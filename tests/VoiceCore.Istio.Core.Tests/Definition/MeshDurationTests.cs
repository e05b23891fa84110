using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class MeshDurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("7.5s", 7_500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("2160h", 7_776_000_000)]
    [InlineData("2160h0m0s", 7_776_000_000)]
    public void ReadsWhatGoReads(string text, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), MeshDuration.TryParse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("30 s")]
    [InlineData("-30s")]
    [InlineData("30S")]
    [InlineData("30s1m")]
    [InlineData("1d")]
    [InlineData("0.0001s")]
    [InlineData("999999999999h")]
    [InlineData("30s\n")]
    public void RefusesTheRest(string? text) => Assert.Null(MeshDuration.TryParse(text));

    [Theory]
    [InlineData(0, "0s", "0s")]
    [InlineData(250, "250ms", "0.25s")]
    [InlineData(7_500, "7.5s", "7.5s")]
    [InlineData(90_000, "1m30s", "90s")]
    [InlineData(11_250, "11.25s", "11.25s")]
    [InlineData(7_776_000_000, "2160h", "7776000s")]
    public void Writes(long milliseconds, string text, string seconds)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(text, MeshDuration.Format(duration));
        Assert.Equal(seconds, MeshDuration.FormatSeconds(duration));
    }

    [Fact]
    public void ReadsBackWhatItWrites() =>
        Gen.Long[0, 3_000_000_000_000].Sample(milliseconds =>
        {
            var duration = TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);
            Assert.Equal(duration, MeshDuration.TryParse(MeshDuration.Format(duration)));
            Assert.Equal(duration, MeshDuration.TryParse(MeshDuration.FormatSeconds(duration)));
        });
}
