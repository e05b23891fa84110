using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Verification;

namespace VoiceCore.Istio.Integration;

/// <summary>A mesh on a real API server with a real istiod: in order after its installation, then broken in one place after the other.</summary>
public sealed class InstallationLabTests : IAsyncLifetime
{
    private static readonly MeshDefinition Definition = LabInstallation.Adapted(MeshDefinitionReader.Read("""
        apiVersion: mesh.voicecore.io/v1
        kind: MeshDefinition
        product: duo
        namespace: duo
        namespaces:
          duo: { injection: true }
          duo-ingress: { injection: false }
          istio-system: { injection: false }
        zeroTrust: { mode: ENFORCE }
        controlPlane: { replicas: 1 }
        images: { registry: registry.example.com/duo, tag: "1" }
        gateways:
          ingress: { name: duo-gateway, namespace: duo-ingress, replicas: 1, ports: { http: { port: 80, protocol: HTTP } }, backend: front }
        services:
          front:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            timeout: 5s
            callers: [ingress]
          back:
            ports: { http: { port: 80, targetPort: 8080, protocol: HTTP } }
            replicas: 1
            circuitBreaker: { maxConnections: 10, maxPendingRequests: 5, consecutiveErrors: 5, ejectionTime: 30s }
            callers: [front]
        """).Definition!);

    private LabInstallation _lab = null!;
    private string _revision = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await LabInstallation.ConnectAsync();

    public ValueTask DisposeAsync()
    {
        _lab?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_broken_is_named_and_nothing_else()
    {
        try
        {
            _revision = (await _lab.InstallAsync(Definition)).Revision;
            await NothingIsWrongAndNothingIsWrittenAsync();

            await BreakAsync(
                () => PatchAsync(new ObjectReference("networking.istio.io", "DestinationRule", "duo", "back"), """{"spec":{"trafficPolicy":{"connectionPool":{"tcp":{"maxConnections":7}}}}}"""),
                "Definition DestinationRule duo/back");
            await BreakAsync(
                () => PatchAsync(new ObjectReference("apps", "Deployment", "duo-ingress", "duo-gateway"), """{"spec":{"replicas":0}}"""),
                "Definition Deployment duo-ingress/duo-gateway", "Readiness Deployment duo-ingress/duo-gateway");
            await BreakAsync(
                () => DeleteAsync("apiextensions.k8s.io", "CustomResourceDefinition", null, "proxyconfigs.networking.istio.io"),
                "Definition CustomResourceDefinition proxyconfigs.networking.istio.io", "Kind CustomResourceDefinition proxyconfigs.networking.istio.io");
            await ATagThatDanglesIsNamedAsync();
            await AWebhookWithoutItsServiceFailsAsync();
            await WithoutIstiodNothingAnswersAsync();
        }
        finally
        {
            await _lab.UninstallAsync(Definition.Product);
        }
    }

    private async Task NothingIsWrongAndNothingIsWrittenAsync()
    {
        await LabInstallation.EventuallyAsync("", async () => string.Join('\n', await NotOkAsync()));
        var before = await ClusterInventory.TakeAsync(_lab.Api, Stop);
        Assert.Empty(await NotOkAsync());
        Assert.Empty((await ClusterInventory.TakeAsync(_lab.Api, Stop)).WritesSince(before));
    }

    // What is broken, then the rows that say so and no others, then the installation that repairs it.
    private async Task BreakAsync(Func<Task> change, params string[] rows)
    {
        await change();
        await LabInstallation.EventuallyAsync(string.Join('\n', rows), async () => string.Join('\n', await NotOkAsync()));
        await RepairAsync();
    }

    // As an uninstall of its revision leaves it.
    private async Task ATagThatDanglesIsNamedAsync()
    {
        var name = $"istio-sidecar-injector-{_revision}";
        var own = await _lab.Api.GetAsync(new ObjectReference("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, name), Stop);
        var webhook = own!.Json["webhooks"]![0]!.DeepClone().AsObject();
        webhook["clientConfig"]!["service"]!["name"] = "istiod-gone";
        webhook["namespaceSelector"] = JsonNode.Parse("""{"matchLabels":{"istio.io/rev":"old"}}""");
        await _lab.Api.CreateAsync(
            new KubernetesObject(new JsonObject
            {
                ["apiVersion"] = "admissionregistration.k8s.io/v1",
                ["kind"] = "MutatingWebhookConfiguration",
                ["metadata"] = new JsonObject { ["name"] = "istio-revision-tag-old", ["labels"] = new JsonObject { ["istio.io/rev"] = "gone", ["istio.io/tag"] = "old" } },
                ["webhooks"] = new JsonArray(webhook),
            }),
            new WriteOptions { FieldManager = "the-lab" },
            Stop);
        try
        {
            Assert.Equal(["Revision Tag old", "Webhook MutatingWebhookConfiguration istio-revision-tag-old"], await NotOkAsync());
        }
        finally
        {
            await DeleteAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, "istio-revision-tag-old");
        }
    }

    // Connections that the API server has already go on, so that injection may answer for a while: the webhooks show what is coming.
    private async Task AWebhookWithoutItsServiceFailsAsync()
    {
        await DeleteAsync("", "Service", "istio-system", $"istiod-{_revision}");
        var failed = await NotOkAsync();

        Assert.Contains($"Definition Service istio-system/istiod-{_revision}", failed);
        Assert.Contains("Revision Namespace duo", failed);
        Assert.Superset(Webhooks, failed.ToHashSet());
        Assert.DoesNotContain(failed, row => row.StartsWith("Readiness", StringComparison.Ordinal) || row.StartsWith("Kind", StringComparison.Ordinal) || row.StartsWith("Version", StringComparison.Ordinal));
        await RepairAsync();
    }

    // Whatever has to be asked of istiod fails with it, and what needs no answer does not.
    private async Task WithoutIstiodNothingAnswersAsync()
    {
        var istiod = new ObjectReference("apps", "Deployment", "istio-system", $"istiod-{_revision}");
        await PatchAsync(istiod, """{"spec":{"replicas":0}}""");
        string[] failed = [];
        await LabInstallation.EventuallyAsync(true, async () => (failed = await NotOkAsync()).Contains("Injection Namespace duo"));

        Assert.Superset(
            new HashSet<string>(Webhooks)
            {
                $"Readiness {istiod}", "Injection Namespace duo",
                $"Validation ValidatingWebhookConfiguration istio-validator-{_revision}-istio-system", "Validation ValidatingWebhookConfiguration istiod-default-validator",
            },
            failed.ToHashSet());
        Assert.DoesNotContain(failed, row => row.StartsWith("Kind", StringComparison.Ordinal) || row.StartsWith("Version", StringComparison.Ordinal) || row.StartsWith("Readiness Deployment duo", StringComparison.Ordinal));
        await RepairAsync();
    }

    private HashSet<string> Webhooks =>
    [
        $"Webhook MutatingWebhookConfiguration istio-sidecar-injector-{_revision}", "Webhook MutatingWebhookConfiguration istio-revision-tag-default",
        $"Webhook ValidatingWebhookConfiguration istio-validator-{_revision}-istio-system", "Webhook ValidatingWebhookConfiguration istiod-default-validator",
    ];

    private async Task RepairAsync()
    {
        await _lab.InstallAsync(Definition);
        await LabInstallation.EventuallyAsync("", async () => string.Join('\n', await NotOkAsync()));
    }

    private async Task<string[]> NotOkAsync()
    {
        _lab.Api.ResetDiscovery();
        var request = new MeshInstallRequest { Definition = Definition, IncludeWorkloads = true };
        var rows = await new MeshInstallationVerifier(_lab.Api).VerifyAsync(request, revision: null, _lab.Istioctl, SilentActivityLog.Instance, Stop).ToListAsync(Stop);
        return [.. rows.Where(row => row.Status != InstallationStatus.Ok).Select(row => $"{row.Check} {row.Object}").Order(StringComparer.Ordinal)];
    }

    private Task<KubernetesObject> PatchAsync(ObjectReference reference, string patch) =>
        _lab.Api.MergePatchAsync(reference, JsonNode.Parse(patch)!.AsObject(), new WriteOptions { FieldManager = "somebody" }, Stop);

    private Task<bool> DeleteAsync(string group, string kind, string? ns, string name) =>
        _lab.Api.DeleteAsync(new ObjectReference(group, kind, ns, name), new DeleteOptions(), Stop);
}
