using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Sandbox.Tests;

// The API server's rules and words: pkg/apis/autoscaling/validation and pkg/apis/policy/validation of Kubernetes.
public sealed class ScalingTests
{
    [Theory]
    [InlineData("""{"minReplicas":7,"maxReplicas":5}""", "spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`")]
    [InlineData("""{"minReplicas":-1,"maxReplicas":5}""", "spec.minReplicas: Invalid value: -1: must be greater than or equal to 1")]
    public async Task An_autoscaler_whose_numbers_contradict_each_other_is_refused(string replicas, string message)
    {
        await using var sandbox = await RunningSandbox.StartAsync();

        var error = await Assert.ThrowsAsync<MeshException>(() => sandbox.ApplyAsync(Autoscaler(replicas)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        await sandbox.Sandbox.SettleAsync(RunningSandbox.Stop);
    }

    [Theory]
    [InlineData("""{"minAvailable":"half%"}""", "spec.minAvailable: Invalid value: \"half%\": a valid percent string")]
    [InlineData("""{"minAvailable":"2"}""", "spec.minAvailable: Invalid value: \"2\": a valid percent string")]
    [InlineData("""{"maxUnavailable":"99999999999%"}""", "spec.maxUnavailable: Invalid value: \"99999999999%\": must not be greater than 100%")]
    [InlineData("""{"maxUnavailable":-1}""", "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0")]
    public async Task A_disruption_budget_that_is_no_number_and_no_percentage_is_refused(string spec, string message)
    {
        await using var sandbox = await RunningSandbox.StartAsync();

        var error = await Assert.ThrowsAsync<MeshException>(() => sandbox.ApplyAsync(Budget(spec)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        await sandbox.Sandbox.SettleAsync(RunningSandbox.Stop);
    }

    [Fact]
    public async Task What_the_rules_allow_is_stored()
    {
        await using var sandbox = await RunningSandbox.StartAsync();

        await sandbox.ApplyAsync(Autoscaler("""{"maxReplicas":1}"""));
        await sandbox.ApplyAsync(Budget("""{"minAvailable":"50%"}"""));

        Assert.Equal("0", (await sandbox.GetAsync("policy", "PodDisruptionBudget", "default", "web"))!.Json["status"]!["disruptionsAllowed"]!.ToString());
    }

    private static string Autoscaler(string replicas) =>
        $$"""{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"web","namespace":"default"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},{{replicas[1..]}}}""";

    private static string Budget(string spec) =>
        $$$"""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web","namespace":"default"},"spec":{{{spec}}}}""";
}
