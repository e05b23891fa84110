using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

public sealed class MeshCircuitBreakerResolverTests
{
    private const string Limits = "connectionPool: { tcp: { maxConnections: 100 }, http: { http1MaxPendingRequests: 50, http2MaxRequests: 100 } }";

    [Fact]
    public void Without_a_rule_there_is_none()
    {
        var breaker = One();

        Assert.Equal(CircuitBreakerState.NotConfigured, breaker.State);
        Assert.Null(breaker.MaxConnections);
    }

    // Envoy ejects while 100 × (ejected + 1) ÷ hosts is at most the percentage, without rounding; Istio's default is 10.
    [Theory]
    [InlineData(2, "", false)]
    [InlineData(2, ", maxEjectionPercent: 49", false)]
    [InlineData(2, ", maxEjectionPercent: 50", true)]
    [InlineData(3, ", maxEjectionPercent: 33", false)]
    [InlineData(3, ", maxEjectionPercent: 34", true)]
    [InlineData(10, "", true)]
    public void Ejection_needs_a_percentage_that_is_enough_for_one_endpoint(int endpoints, string percent, bool works)
    {
        var breaker = One(endpoints, $"{{ {Limits}, outlierDetection: {{ consecutive5xxErrors: 5, baseEjectionTime: 30s{percent} }} }}");

        Assert.Equal(works ? CircuitBreakerState.Effective : CircuitBreakerState.Partial, breaker.State);
        Assert.Equal(works, breaker.Reasons.Count == 0);
        Assert.Equal((5, TimeSpan.FromSeconds(30), endpoints), (breaker.ConsecutiveErrors, breaker.EjectionTime, breaker.Endpoints));
    }

    [Fact]
    public void Without_a_limit_of_requests_one_connection_carries_any_number()
    {
        var breaker = One(2, "{ connectionPool: { tcp: { maxConnections: 100 } }, outlierDetection: { maxEjectionPercent: 50 } }");

        Assert.Equal(CircuitBreakerState.Partial, breaker.State);
        Assert.Contains("http2MaxRequests", Assert.Single(breaker.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Detection_that_counts_nothing_ejects_nothing()
    {
        var breaker = One(2, "{ outlierDetection: { consecutive5xxErrors: 0, maxEjectionPercent: 100 } }");

        Assert.Equal(CircuitBreakerState.Ineffective, breaker.State);
    }

    [Fact]
    public void An_entry_of_the_port_replaces_the_whole_policy()
    {
        var breaker = One(2, $"{{ {Limits}, portLevelSettings: [{{ port: {{ number: 80 }}, connectionPool: {{ tcp: {{ maxConnections: 7 }} }} }}] }}");

        Assert.Equal((7, null, null), (breaker.MaxConnections, breaker.MaxPendingRequests, breaker.MaxRequests));
    }

    private static MeshCircuitBreaker One(int endpoints = 2, string? policy = null)
    {
        var snapshot = Read(Tenant(sidecars: Enumerable.Repeat(true, endpoints).ToArray()), Pod("web", "client-0", "10.0.1.1"), policy is null ? "" : Rule("shop", "tenant", policy));
        return Assert.Single(new MeshCircuitBreakerResolver(snapshot, definition: null).Resolve(snapshot.Service(), client => client.Namespace == "web"));
    }
}
