using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>Verifying an installation and the requirements through the real engine, against the sandbox.</summary>
public sealed class InstallationCheckOnSandboxTests : IAsyncLifetime
{
    private const string Verify = "Test-MeshInstallation -IncludeWorkloads";

    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync()
    {
        _module = await StartAsync();
        _module.Run("Install-VoiceCoreMesh -IncludeWorkloads -Timeout 60 -Confirm:$false").ThrowOnError();
    }

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    [Fact]
    public void After_an_installation_everything_is_in_order_and_only_reads_and_dry_runs_are_sent()
    {
        var result = _module.Run(Verify).ThrowOnError();

        Assert.Empty(NotOk(result));
        Assert.Equal(
            ["Definition", "Injection", "Kind", "Readiness", "Revision", "Validation", "Version", "Webhook"],
            result.Output.Select(row => Text(row, "Check")).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
        Assert.Contains(_module.Sandbox.Requests.Requests, request => request is { Method: "POST", DryRun: true } && request.Path.EndsWith("/namespaces/voicecore-ai/pods", StringComparison.Ordinal));
        Assert.Contains(_module.Sandbox.Requests.Requests, request => request is { Method: "POST", DryRun: true } && request.Path.EndsWith("/gateways", StringComparison.Ordinal));
        Assert.True((bool)Assert.Single(_module.Run($"{Verify} -Quiet").ThrowOnError().Output).BaseObject);
    }

    [Fact]
    public async Task A_field_that_was_changed_by_hand_is_one_row()
    {
        var rule = new ObjectReference("networking.istio.io", "DestinationRule", "voicecore-ai", "billing");
        await PatchAsync(rule, """{"spec":{"trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":7}}}}}""");

        Assert.Equal(["Definition DestinationRule voicecore-ai/billing"], NotOk(_module.Run(Verify).ThrowOnError()));
        Assert.False((bool)Assert.Single(_module.Run($"{Verify} -Quiet").ThrowOnError().Output).BaseObject);
    }

    [Fact]
    public async Task A_webhook_without_its_service_fails_with_all_that_depends_on_it()
    {
        await _module.Api.DeleteAsync(new ObjectReference("", "Service", "istio-system", "istiod-1-30-3"), new DeleteOptions(), Stop);

        var failed = NotOk(_module.Run(Verify).ThrowOnError());

        Assert.Contains("Webhook MutatingWebhookConfiguration istio-sidecar-injector-1-30-3", failed);
        Assert.Contains("Injection Namespace voicecore-ai", failed);
        Assert.Contains("Validation ValidatingWebhookConfiguration istio-validator-1-30-3-istio-system", failed);
        Assert.Contains("Definition Service istio-system/istiod-1-30-3", failed);
    }

    [Fact]
    public void A_revision_that_is_not_installed_is_said_to_be_so() =>
        Assert.Contains("Readiness istiod of revision 1-20-0", NotOk(_module.Run("Test-MeshInstallation -Revision 1-20-0").ThrowOnError()));

    [Fact]
    public void The_requirements_show_their_evidence()
    {
        var rows = _module.Run("Get-MeshRequirement").ThrowOnError().Output.ToDictionary(row => Text(row, "Id"), row => Text(row, "Status"));

        // The sandbox has no collector, and what is beyond a limit nobody has asked.
        Assert.Equal(
            ["1.1 Satisfied", "1.2 Satisfied", "1.3 Satisfied", "1.4 NotSatisfied", "1.5 Satisfied", "1.6 Satisfied", "1.7 NotVerifiable"],
            rows.Select(row => $"{row.Key} {row.Value}"));
        Assert.Equal("1.2", Text(Assert.Single(_module.Run("Get-MeshRequirement *.2").ThrowOnError().Output), "Id"));
        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
    }

    private Task<KubernetesObject> PatchAsync(ObjectReference reference, string patch) =>
        _module.Api.MergePatchAsync(reference, JsonNode.Parse(patch)!.AsObject(), new WriteOptions { FieldManager = "somebody" }, Stop);

    private static string[] NotOk(ModuleResult result) =>
        [.. result.Output.Where(row => Text(row, "Status") != "Ok").Select(row => $"{Text(row, "Check")} {Text(row, "Object")}")];
}
