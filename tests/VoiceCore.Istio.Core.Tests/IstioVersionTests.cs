using VoiceCore.Istio.Core.Istioctl;

namespace VoiceCore.Istio.Core.Tests;

public sealed class IstioVersionTests
{
    [Theory]
    [InlineData("1.30.3", 1, 30, 3, "1-30-3")]
    [InlineData("1.31.0-alpha.0", 1, 31, 0, "1-31-0")]
    [InlineData("1.31-dev", 1, 31, 0, "1-31-0")]
    public void Reads_what_istio_prints(string text, int major, int minor, int patch, string revision)
    {
        var version = IstioVersion.TryParse(text);

        Assert.NotNull(version);
        Assert.Equal((major, minor, patch), (version.Major, version.Minor, version.Patch));
        Assert.Equal(revision, version.DefaultRevision);
        Assert.Equal(text, version.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("v1")]
    public void Refuses_what_is_no_version(string? text) => Assert.Null(IstioVersion.TryParse(text));

    [Fact]
    public void Orders_by_number_and_not_by_text() =>
        Assert.True(IstioVersion.TryParse("1.9.0")!.CompareTo(IstioVersion.TryParse("1.10.0")) < 0);
}
