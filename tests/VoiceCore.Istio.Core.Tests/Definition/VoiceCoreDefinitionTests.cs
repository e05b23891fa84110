using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>The shipped definition says what the tables of VoiceCore's runbook say.</summary>
public sealed class VoiceCoreDefinitionTests
{
    private static readonly MeshDefinition Mesh = MeshDefinitionFile.VoiceCore;

    [Theory]
    [InlineData("gateway", 500, 250, 5, 30)]
    [InlineData("tenant", 100, 50, 5, 30)]
    [InlineData("call", 200, 100, 5, 30)]
    [InlineData("ai", 150, 75, 3, 60)]
    [InlineData("crm", 100, 50, 5, 30)]
    [InlineData("analytics", 150, 75, 5, 30)]
    [InlineData("integration", 100, 50, 5, 30)]
    [InlineData("billing", 100, 50, 5, 30)]
    public void CircuitBreakers(string service, int connections, int pending, int errors, int ejectionSeconds)
    {
        var breaker = Service(service).CircuitBreaker!;
        Assert.Equal(connections, breaker.MaxConnections);
        Assert.Equal(pending, breaker.MaxPendingRequests);
        Assert.Equal(errors, breaker.ConsecutiveErrors);
        Assert.Equal(TimeSpan.FromSeconds(ejectionSeconds), breaker.EjectionTime);
        Assert.Null(breaker.MaxEjectionPercent);
        Assert.Null(breaker.MaxRequests);
    }

    [Theory]
    [InlineData("tenant", 30, 3, 10)]
    [InlineData("call", 60, 3, 20)]
    [InlineData("ai", 120, 2, 60)]
    [InlineData("crm", 30, 3, 10)]
    [InlineData("analytics", 60, 2, 30)]
    [InlineData("integration", 45, 3, 15)]
    [InlineData("billing", 30, 3, 10)]
    public void TimeoutsAndRetries(string service, int timeoutSeconds, int attempts, int perTrySeconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(timeoutSeconds), Service(service).Timeout);
        Assert.Equal(attempts, Service(service).Retries!.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(perTrySeconds), Service(service).Retries!.PerTryTimeout);
    }

    [Fact]
    public void TheGatewayHasNoTimeout()
    {
        Assert.Null(Service("gateway").Timeout);
        Assert.Null(Service("gateway").Retries);
    }

    [Fact]
    public void TheRest()
    {
        Assert.Equal("voicecore-ai", Mesh.Product);
        Assert.Equal(["voicecore-ai", "observability", "istio-system"], Mesh.Namespaces.Select(ns => ns.Name));
        Assert.Equal(["voicecore-ai"], Mesh.Namespaces.Where(ns => ns.Injection).Select(ns => ns.Name));
        Assert.Equal(8, Mesh.Services.Count);
        Assert.Equal(MtlsMode.Strict, Mesh.Mesh.Mtls);
        Assert.All(Mesh.Services, service => Assert.Equal(MtlsMode.Strict, service.Mtls));
        Assert.Equal(TimeSpan.FromDays(90), Mesh.Mesh.Certificates.Lifetime);
        Assert.Equal(TimeSpan.FromHours(24), Mesh.Mesh.Certificates.RotateBefore);
        Assert.Equal(TimeSpan.FromDays(9), Mesh.Mesh.Certificates.GracePeriod);
        Assert.Equal(100, Mesh.Mesh.Tracing!.SamplingPercentage);
        Assert.Equal(AccessLogEncoding.Json, Mesh.Mesh.AccessLog!.Encoding);
        Assert.Contains(Mesh.Services, service => service.LoadBalancing == LoadBalancing.LeastRequest);
        Assert.Contains(Mesh.Services, service => service.LoadBalancing == LoadBalancing.RoundRobin);
        Assert.NotNull(Mesh.Ingress);
        Assert.NotNull(Mesh.Egress);
    }

    [Fact]
    public void EveryConflictOfTheRunbookIsReportedWithItsPlace()
    {
        var document = MeshDefinitionReader.Read(MeshDefinitionFile.VoiceCoreText, "mesh.yaml");
        var lines = MeshDefinitionFile.VoiceCoreText.Split('\n');

        Assert.True(document.IsValid);
        Assert.Equal(7, document.Findings.Count(finding => finding.Code == DefinitionFindings.RetriesBeyondTimeout.Code));
        Assert.Equal(8, document.Findings.Count(finding => finding.Code == DefinitionFindings.EjectionImpossible.Code));
        Assert.Equal(8, document.Findings.Count(finding => finding.Code == DefinitionFindings.RequestLimitMissing.Code));
        Assert.Single(document.Findings, finding => finding.Code == DefinitionFindings.RotationConflict.Code);
        Assert.Single(document.Findings, finding => finding.Code == DefinitionFindings.TimeoutMissing.Code);
        Assert.DoesNotContain(document.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.All(document.Findings, finding =>
        {
            Assert.Equal("mesh.yaml", finding.Path);
            var key = finding.Subject![(finding.Subject!.LastIndexOf('.') + 1)..];
            Assert.StartsWith(key + ":", lines[finding.Line - 1][(finding.Column - 1)..], StringComparison.Ordinal);
        });
    }

    private static ServiceDefinition Service(string name) => Mesh.Services.Single(service => service.Name == name);
}
