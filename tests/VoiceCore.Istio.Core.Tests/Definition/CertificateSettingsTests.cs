using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class CertificateSettingsTests
{
    [Fact]
    public void NinetyDaysWithNineDaysOfGraceIsARatioOfOneTenth()
    {
        var settings = Of(2160, rotateBefore: 24, grace: 216);
        Assert.Equal(TimeSpan.FromHours(2160), settings.Lifetime);
        Assert.Equal(0.1, settings.GraceRatio, 12);
        Assert.Equal(0.01, settings.Jitter, 12);
        Assert.Equal(TimeSpan.FromHours(2160), settings.MaxLifetime);
    }

    [Fact]
    public void TwentyFourHoursAloneNeedASmallerJitter()
    {
        var settings = Of(2160, rotateBefore: 24, grace: null);
        Assert.Equal(1.0 / 90, settings.GraceRatio, 12);
        Assert.Equal(1.0 / 900, settings.Jitter, 12);
    }

    [Fact]
    public void WithoutAWishIstiosDefaultHolds()
    {
        var settings = Of(24, null, null);
        Assert.Equal(0.5, settings.GraceRatio);
        Assert.Equal(0.01, settings.Jitter);
    }

    [Fact]
    public void ALongerLifetimeRaisesWhatIstiodGrants() => Assert.Equal(TimeSpan.FromHours(4320), Of(4320, null, null).MaxLifetime);

    [Fact]
    public void RotationNeverComesNearTheExpiry() =>
        Gen.Select(Gen.Int[2, 87_600], Gen.Int[1, 87_600], Gen.Int[1, 87_600])
            .Where((lifetime, rotate, grace) => rotate < lifetime && grace < lifetime)
            .Sample((lifetime, rotate, grace) =>
            {
                var settings = Of(lifetime, rotate, grace);
                Assert.True(settings.GraceRatio - settings.Jitter >= 0.9 * settings.GraceRatio - 1e-12);
                Assert.True(settings.GraceRatio * lifetime >= Math.Max(rotate, grace) - 1e-6);
                Assert.InRange(settings.GraceRatio, double.Epsilon, 1);
            });

    private static CertificateSettings Of(int lifetime, int? rotateBefore, int? grace) => CertificateSettings.Of(new CertificatePolicy
    {
        Lifetime = TimeSpan.FromHours(lifetime),
        RotateBefore = rotateBefore is { } rotate ? TimeSpan.FromHours(rotate) : null,
        GracePeriod = grace is { } period ? TimeSpan.FromHours(period) : null,
    });
}
