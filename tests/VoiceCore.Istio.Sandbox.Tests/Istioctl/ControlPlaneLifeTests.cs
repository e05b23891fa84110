using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Activity;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Yaml;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Istioctl;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests.Istioctl;

/// <summary>The control plane of the VoiceCore definition from its installation to its end, and what becomes of pods meanwhile.</summary>
public sealed class ControlPlaneLifeTests : IAsyncLifetime
{
    private const string Revision = "1-30-3";

    private RunningSandbox _sandbox = null!;
    private IIstioctl _istioctl = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        _istioctl = SandboxIstioctl.Create(_sandbox.Api.Connection);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Every_field_of_the_manifest_is_so_in_the_cluster()
    {
        await InstallAsync(Revision);

        var differences = new List<string>();
        foreach (var stated in ManifestDocuments.Read(await _istioctl.GenerateManifestAsync(Request(Revision), Stop)))
            Compare(stated.Json, (await _sandbox.GetAsync(stated.Group, stated.Kind, stated.Namespace, stated.Name))?.Json, stated.ToString(), differences);

        // istiod closes the validating webhook when it is ready.
        Assert.Equal([$"ValidatingWebhookConfiguration istio-validator-{Revision}-istio-system.webhooks.0.failurePolicy"], differences);
    }

    [Fact]
    public async Task A_ready_istiod_puts_its_root_into_webhooks_and_namespaces()
    {
        await InstallAsync(Revision);
        await _sandbox.Sandbox.SettleAsync(Stop);

        var injector = await _sandbox.GetAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, $"istio-sidecar-injector-{Revision}");
        var root = await _sandbox.GetAsync("", "ConfigMap", "default", "istio-ca-root-cert");
        Assert.Equal(
            root!.Json.Text("data", "root-cert.pem"),
            System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(injector!.Json.List("webhooks").First().Text("clientConfig", "caBundle")!)));
        Assert.Null(await _sandbox.GetAsync("", "ConfigMap", "kube-system", "istio-ca-root-cert"));
    }

    // The messages are those of a real API server.
    [Fact]
    public async Task Without_istiod_no_pod_of_its_namespaces_can_be_created()
    {
        await InstallAsync(Revision);
        await _sandbox.ApplyAsync($$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop", "labels": { "istio.io/rev": "{{Revision}}" } } }""");
        Assert.Equal(Revision, Create("shop", dryRun: true).Annotations()["istio.io/rev"]);

        await ScaleAsync(0);
        Assert.Equal(Refused($"no endpoints available for service \"istiod-{Revision}\""), Assert.Throws<ApiException>(() => Create("shop")).Message);
        Create("default", dryRun: true);

        await _sandbox.Api.DeleteAsync(new ObjectReference("", "Service", "istio-system", $"istiod-{Revision}"), new DeleteOptions(), Stop);
        Assert.Equal(Refused($"service \"istiod-{Revision}\" not found"), Assert.Throws<ApiException>(() => Create("shop")).Message);
    }

    [Fact]
    public async Task The_first_revision_is_the_default_one_and_stays_it()
    {
        await InstallAsync(Revision);
        await InstallAsync("1-31-0");
        await InstallAsync(Revision);

        var tag = await _sandbox.GetAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, "istio-revision-tag-default");
        Assert.Equal((Revision, "default"), (tag!.Label("istio.io/rev"), tag.Label("istio.io/tag")));
        Assert.All(tag.Json.List("webhooks"), webhook => Assert.Equal($"istiod-{Revision}", webhook.Text("clientConfig", "service", "name")));
        Assert.Equal(4, tag.Json.List("webhooks").Count());
    }

    [Fact]
    public async Task Uninstall_takes_one_revision_and_leaves_the_other_and_the_resources()
    {
        await InstallAsync(Revision);
        await InstallAsync("1-31-0");

        await _istioctl.UninstallAsync(Revision, SilentActivityLog.Instance, Stop);

        var left = await _sandbox.ListAsync("apps", "Deployment", "istio-system");
        Assert.Equal(["istiod-1-31-0"], left.Select(item => item.Name));
        Assert.Null(await _sandbox.GetAsync("rbac.authorization.k8s.io", "ClusterRole", null, $"istiod-clusterrole-{Revision}-istio-system"));
        Assert.Null(await _sandbox.GetAsync("admissionregistration.k8s.io", "MutatingWebhookConfiguration", null, "istio-revision-tag-default"));
        Assert.NotNull(await _sandbox.GetAsync("", "ServiceAccount", "istio-system", "istio-reader-service-account"));
        Assert.NotNull(await _sandbox.GetAsync("apiextensions.k8s.io", "CustomResourceDefinition", null, "virtualservices.networking.istio.io"));
    }

    private Task InstallAsync(string revision) => _istioctl.InstallAsync(Request(revision), SilentActivityLog.Instance, Stop);

    private static ControlPlaneRequest Request(string revision) => new()
    {
        Revision = revision,
        ReadinessTimeout = TimeSpan.FromSeconds(30),
        OperatorDocuments =
        [
            .. MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = revision }).Objects
                .Where(item => item.Role == ManifestRole.ControlPlane)
                .Select(item => YamlWriter.Write(item.Object.Json)),
        ],
    };

    private async Task ScaleAsync(int replicas)
    {
        await _sandbox.Api.DeleteAsync(new ObjectReference("autoscaling", "HorizontalPodAutoscaler", "istio-system", $"istiod-{Revision}"), new DeleteOptions(), Stop);
        await _sandbox.Api.MergePatchAsync(
            new ObjectReference("apps", "Deployment", "istio-system", $"istiod-{Revision}"),
            new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, new WriteOptions(), Stop);
        await _sandbox.Sandbox.SettleAsync(Stop);
    }

    private JsonObject Create(string ns, bool dryRun = false) => _sandbox.Sandbox.Cluster.Objects.Create(BuiltInKinds.Pod, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = "p", ["namespace"] = ns },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "a", ["image"] = "a" }) },
    }, new WriteSettings("test") { DryRun = dryRun });

    private static string Refused(string reason) =>
        "Internal error occurred: failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": failed to call webhook: "
        + $"Post \"https://istiod-{Revision}.istio-system.svc:443/inject?timeout=10s\": {reason}";

    private static void Compare(JsonNode? stated, JsonNode? live, string path, List<string> differences)
    {
        switch (stated)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                    Compare(value, live.At(key), $"{path}.{key}", differences);
                break;
            case JsonArray list when live is JsonArray other && list.Count == other.Count:
                for (var index = 0; index < list.Count; index++)
                    Compare(list[index], other[index], $"{path}.{index}", differences);
                break;
            default:
                if (!JsonNode.DeepEquals(stated, live))
                    differences.Add(path);
                break;
        }
    }
}
