using CsCheck;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>Expected hours by hand from Istio's rule: rotation at NotAfter − ratio × lifetime, the ratio moved by the jitter.</summary>
public sealed class CertificateMeaningTests
{
    private static readonly TimeSpan Max = TimeSpan.FromHours(2160);

    [Theory]
    [InlineData(24, 0.5, 0.01, 12.24, 11.76, "")]
    [InlineData(2160, 0.1, 0.01, 237.6, 194.4, "")]
    [InlineData(2160, 0.0111, 0.01, 45.58, 2.38, "VCM0163")]
    [InlineData(2160, 0.01, 0.01, 43.2, 0, "VCM0162")]
    [InlineData(2160, 0, 0.01, 21.6, 0, "VCM0162")]
    [InlineData(2161, 0.5, 0.01, 1102.11, 1058.89, "VCM0161")]
    [InlineData(24, 1.5, 0.01, 24, 24, "VCM0164")]
    [InlineData(1, 0.5, 0, 0.5, 0.5, "")]
    public void Settings_mean_hours(double lifetime, double ratio, double jitter, double earliest, double latest, string codes)
    {
        var meaning = CertificateMeaning.Of(new CertificateSettings(TimeSpan.FromHours(lifetime), ratio, jitter, Max));

        Assert.Equal((lifetime, earliest, latest), (meaning.LifetimeHours, meaning.RotationEarliestHours, meaning.RotationLatestHours));
        Assert.Equal(codes, string.Join(',', meaning.Findings.Select(finding => finding.Code)));
    }

    [Fact]
    public void The_runbooks_policy_has_three_ways_out()
    {
        var plan = CertificatePlan.Of(Policy(2160, 24, 216), late: false);

        Assert.Equal(("2160h", 0.1, 0.01, "2160h"), (plan.SecretTtl, plan.GracePeriodRatio, plan.GracePeriodRatioJitter, plan.MaxWorkloadCertTtl));
        Assert.Contains(plan.Findings, finding => finding.Code == "VCM0105");
        Assert.Equal(["EarlyRotation", "LateRotation", "ShorterLifetime"], plan.Alternatives.Select(way => way.Name));
        Assert.Equal([2160, 2160, 240], plan.Alternatives.Select(way => way.Settings.Lifetime.TotalHours));
        Assert.Equal([0.1, 1 / 90d, 0.1], plan.Alternatives.Select(way => way.Settings.GraceRatio));
    }

    [Fact]
    public void Late_rotation_is_taken_on_request_with_its_warning()
    {
        var plan = CertificatePlan.Of(Policy(2160, 24, 216), late: true);

        Assert.Equal(1 / 90d, plan.Settings.GraceRatio);
        Assert.Equal(["VCM0106", "VCM0163"], plan.Findings.Select(finding => finding.Code).Order());
        Assert.Equal("LateRotation", plan.Alternatives[0].Name);
    }

    [Theory]
    [InlineData(2160, null, 216d)]
    [InlineData(2160, 24d, null)]
    [InlineData(2160, 24d, 24d)]
    [InlineData(24, null, null)]
    public void Without_a_conflict_there_is_no_choice(double lifetime, double? rotate, double? grace) =>
        Assert.Empty(CertificatePlan.Of(Policy(lifetime, rotate, grace), late: true).Alternatives);

    [Fact]
    public void A_rotation_before_the_certificate_is_issued_is_refused() =>
        Assert.Equal("CertificatePolicyInvalid", Assert.Throws<MeshException>(() => CertificatePlan.Of(Policy(24, 30, null), late: false)).Id);

    [Fact]
    public void No_alternative_rotates_at_expiry_or_is_refused() =>
        Gen.Select(Gen.Int[2, 50_000], Gen.Int[1, 49_999], Gen.Int[1, 49_999], Gen.Bool)
            .Where((lifetime, rotate, grace, _) => rotate < lifetime && grace < lifetime)
            .Sample((lifetime, rotate, grace, late) =>
            {
                var plan = CertificatePlan.Of(Policy(lifetime, rotate, grace), late);
                var settings = plan.Alternatives.Select(way => way.Settings).Append(plan.Settings);
                Assert.All(settings.SelectMany(one => CertificateMeaning.Of(one).Findings), finding => Assert.Equal("VCM0163", finding.Code));
            });

    private static CertificatePolicy Policy(double lifetime, double? rotate, double? grace) => new()
    {
        Lifetime = TimeSpan.FromHours(lifetime),
        RotateBefore = rotate is { } before ? TimeSpan.FromHours(before) : null,
        GracePeriod = grace is { } period ? TimeSpan.FromHours(period) : null,
    };
}
