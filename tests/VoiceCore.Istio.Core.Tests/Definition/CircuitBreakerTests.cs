using System.Text.Json;
using CsCheck;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

public sealed class CircuitBreakerTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 50)]
    [InlineData(3, 34)]
    [InlineData(5, 20)]
    [InlineData(10, 10)]
    [InlineData(100, 1)]
    [InlineData(1000, 1)]
    public void SmallestUsefulPercentage(int hosts, int percent) =>
        Assert.Equal(percent, CircuitBreaker.SmallestUsefulEjectionPercent(hosts));

    [Fact]
    public void KeepsAPercentageThatIsEnough() =>
        Assert.Equal(60, Breaker(maxEjectionPercent: 60).EffectiveMaxEjectionPercent(2));

    [Fact]
    public void RaisesAPercentageThatIsNot() =>
        Assert.Equal(34, Breaker(maxEjectionPercent: 33).EffectiveMaxEjectionPercent(3));

    [Fact]
    public void LetsTheFirstHostGoAndIsTheSmallestThatDoes() =>
        Gen.Int[1, 10_000].Sample(hosts =>
        {
            var percent = CircuitBreaker.SmallestUsefulEjectionPercent(hosts);
            Assert.True(EnvoyEjectsFirst(hosts, percent));
            Assert.False(EnvoyEjectsFirst(hosts, percent - 1));
        });

    /// <summary>What Envoy did, host count by host count (52 clusters), against the percentage that we call useful.</summary>
    [Fact]
    public void AgreesWithEnvoy()
    {
        var file = Path.Combine(SharedData.Folder ?? "", "recordings", "envoy", "outlier-ejection.json");
        Assert.SkipUnless(File.Exists(file), "The recordings are not beside the repository.");

        using var recording = JsonDocument.Parse(File.ReadAllText(file));
        var rows = recording.RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => !row.GetProperty("always_eject_one_host").GetBoolean() && row.GetProperty("failing_hosts").GetInt32() > 0)
            .ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var asked = row.GetProperty("max_ejection_percent");
            var percent = asked.ValueKind == JsonValueKind.Null ? 10 : asked.GetInt32();
            var hosts = row.GetProperty("hosts").GetInt32();
            Assert.Equal(row.GetProperty("ejected").GetInt32() > 0, percent >= CircuitBreaker.SmallestUsefulEjectionPercent(hosts));
        });
    }

    private static bool EnvoyEjectsFirst(int hosts, int percent) => 100.0 * 1 / hosts <= percent;

    private static CircuitBreaker Breaker(int? maxEjectionPercent) => new()
    {
        MaxConnections = 100,
        MaxPendingRequests = 50,
        ConsecutiveErrors = 5,
        EjectionTime = TimeSpan.FromSeconds(30),
        MaxEjectionPercent = maxEjectionPercent,
    };
}
