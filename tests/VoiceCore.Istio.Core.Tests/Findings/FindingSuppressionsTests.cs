using CsCheck;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Findings;

public sealed class FindingSuppressionsTests
{
    private static readonly Finding Lost = MeshFindings.RuleHostUnknown.At("DestinationRule shop/lost", "nobody");

    [Theory]
    [InlineData("VCM0210", "DestinationRule shop/lost", true)]
    [InlineData("VCM0210", "DestinationRule shop/*", true)]
    [InlineData("VCM0210", "*/los?", true)]
    [InlineData("IST0174", "*", true)]
    [InlineData("KIA0202", "*", true)]
    [InlineData("VCM0211", "*", false)]
    [InlineData("VCM0210", "DestinationRule other/*", false)]
    [InlineData("VCM0210", "destinationrule shop/lost", false)]
    public void A_suppression_is_for_a_code_and_a_pattern_of_objects(string code, string pattern, bool isMeant) =>
        Assert.Equal(isMeant, Apply($"suppressions:\n- code: {code}\n  object: '{pattern}'\n  reason: known\n", Day(2026, 11, 25)).Findings[0].Suppression is not null);

    // It holds on its last day, whatever the hour, and not on the next.
    [Theory]
    [InlineData(24, true)]
    [InlineData(25, true)]
    [InlineData(26, false)]
    public void A_suppression_ends_with_its_day(int day, bool holds)
    {
        var (findings, expired) = Apply("suppressions:\n- code: VCM0210\n  object: '*'\n  reason: known\n  expires: 2026-11-25\n", Day(2026, 11, day));
        Assert.Equal(holds, findings[0].Suppression is not null);
        Assert.Equal(holds ? 0 : 1, expired.Count);
    }

    [Fact]
    public void An_ended_suppression_that_means_nothing_is_not_told() =>
        Assert.Empty(Apply("suppressions:\n- code: VCM0211\n  object: '*'\n  reason: known\n  expires: 2000-01-01\n", Day(2026, 1, 1)).Expired);

    [Theory]
    [InlineData("suppressions:\n- code: VCM9999\n  object: '*'\n  reason: known\n", "line 2")]
    [InlineData("suppressions:\n- code: VCM0210\n  object: '*'\n  reason: known\n- code: VCM0210\n  object: '*'\n", "line 5")]
    [InlineData("suppressions:\n- code: VCM0210\n  object: '*'\n  reason: ''\n", "line 4")]
    [InlineData("suppressions:\n- code: VCM0210\n  object: '*'\n  reason: known\n  expires: tomorrow\n", "line 5")]
    [InlineData("suppressions:\n- code: VCM0210\n  object: '*'\n  reason: known\n  until: 2027-01-01\n", "line 5")]
    [InlineData("suppressions: none\n", "line 1")]
    [InlineData("other: []\n", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("suppressions: [\n", "line 2")]
    public void What_cannot_be_meant_is_an_error_with_its_line(string text, string place)
    {
        var error = Assert.Throws<MeshException>(() => FindingSuppressions.Parse(text, "s.yaml"));
        Assert.Equal("SuppressionsInvalid", error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_does_anything_but_parse_or_be_an_error() => Gen.String.Sample(text =>
    {
        try
        {
            FindingSuppressions.Parse(text, "s.yaml");
        }
        catch (MeshException)
        {
            // That is the other answer.
        }
    });

    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_its_own() =>
        Assert.Equal("SuppressionsNotFound", Assert.Throws<MeshException>(() => FindingSuppressions.Read(Path.Combine(Path.GetTempPath(), "absent", "suppressions.yaml"))).Id);

    private static (IReadOnlyList<Finding> Findings, IReadOnlyList<FindingSuppression> Expired) Apply(string text, TimeProvider clock) =>
        FindingSuppressions.Parse(text, "s.yaml").Apply([Lost], clock);

    private static FixedClock Day(int year, int month, int day) => new(new DateTimeOffset(year, month, day, 23, 59, 59, TimeSpan.Zero));

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
