using System.Net;
using VoiceCore.Istio.Sandbox.Rest;

namespace VoiceCore.Istio.Sandbox.Tests;

public sealed class ServerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task Without_the_token_nothing_is_answered(string? authorization)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sandbox.Sandbox.Server, "/api/v1/namespaces"));
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var answer = await client.SendAsync(request, RunningSandbox.Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Dry_runs_are_logged_and_are_no_mutations()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        sandbox.Sandbox.Requests.Clear();
        var map = new Core.Kubernetes.KubernetesObject(new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "one", ["namespace"] = "default" } });

        await sandbox.Api.ApplyAsync(map, new() { DryRun = true }, RunningSandbox.Stop);
        Assert.Contains(sandbox.Sandbox.Requests.Requests, request => request is { Method: "PATCH", DryRun: true, StatusCode: 201 or 200 });
        Assert.DoesNotContain(sandbox.Sandbox.Requests.Requests, request => request.IsMutating);

        await sandbox.Api.ApplyAsync(map, new(), RunningSandbox.Stop);
        Assert.Single(sandbox.Sandbox.Requests.Requests, request => request.IsMutating);
    }

    [Fact]
    public async Task A_rehearsed_failure_is_met_as_often_as_it_was_ordered()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        sandbox.Sandbox.Faults.Add(new Fault(request => request.Path.EndsWith("/namespaces/default", StringComparison.Ordinal)) { StatusCode = 503, Times = 2 });
        sandbox.Sandbox.Requests.Clear();

        // The client tries again by itself.
        Assert.NotNull(await sandbox.GetAsync("", "Namespace", null, "default"));

        Assert.Equal([503, 503, 200], sandbox.Sandbox.Requests.Requests.Where(request => request.Path.EndsWith("/namespaces/default", StringComparison.Ordinal)).Select(request => request.StatusCode));
    }
}
