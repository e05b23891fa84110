using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Sandbox.Api;
using VoiceCore.Istio.Sandbox.Injection;
using VoiceCore.Istio.Sandbox.Istioctl;
using VoiceCore.Istio.Sandbox.Kinds;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Tests.Injection;

public sealed class InjectionTests
{
    private static readonly InjectorSettings Settings = new("1-30-3", "istio-system", "example.com/proxyv2:1.30.3", IsNative: true, [], new JsonObject
    {
        ["enablePrometheusMerge"] = true,
        ["defaultConfig"] = new JsonObject { ["discoveryAddress"] = "istiod-1-30-3.istio-system.svc:15012", ["proxyMetadata"] = new JsonObject { ["SECRET_TTL"] = "2160h" } },
    });

    // As recorded from a real cluster (Istio's documentation, "Controlling the injection policy", and mutatingwebhook.yaml).
    [Theory]
    [InlineData("istio.io/rev=1-30-3", "", "rev.namespace")]
    [InlineData("istio.io/rev=other", "", "")]
    [InlineData("istio.io/rev=1-30-3,istio-injection=enabled", "", "namespace")]
    [InlineData("istio.io/rev=1-30-3,istio-injection=disabled", "", "")]
    [InlineData("istio-injection=enabled", "sidecar.istio.io/inject=false", "")]
    [InlineData("istio-injection=disabled", "sidecar.istio.io/inject=true", "")]
    [InlineData("", "sidecar.istio.io/inject=true", "object")]
    [InlineData("", "istio.io/rev=1-30-3", "rev.object")]
    [InlineData("istio.io/rev=default", "", "rev.namespace")]
    [InlineData("", "", "")]
    public void The_selectors_of_the_webhooks_choose_one_or_none(string namespaceLabels, string podLabels, string webhook)
    {
        var manifest = new ControlPlaneManifest(new ControlPlaneRequest { OperatorDocuments = [], Revision = "1-30-3" }, IstioVersion.TryParse("1.30.3")!);
        var configurations = manifest.Objects.Concat(manifest.Default).Where(item => item.Kind == "MutatingWebhookConfiguration").Select(item => item.Json);

        var called = WebhookMatching.Matching(configurations, BuiltInKinds.Pod, AdmissionOperation.Create, Labels(namespaceLabels), Labels(podLabels));

        Assert.Equal(webhook.Length == 0 ? [] : [webhook + ".sidecar-injector.istio.io"], called.Select(item => item.Text("name")!));
    }

    [Fact]
    public void A_sidecar_is_a_native_one_and_the_pod_tells_its_revision()
    {
        var pod = Pod("""{ "metadata": { "name": "a", "labels": { "app": "tenant", "version": "v1" } }, "spec": { "containers": [{ "name": "tenant", "image": "x" }] } }""");

        Assert.True(PodInjection.Inject(pod, "voicecore-ai", Settings));

        Assert.Equal(["istio-init", "istio-proxy"], pod.List("spec", "initContainers").Select(container => container.Text("name")!));
        Assert.Equal("Always", pod.List("spec", "initContainers").Last().Text("restartPolicy"));
        Assert.Equal(["tenant"], pod.List("spec", "containers").Select(container => container.Text("name")!));
        Assert.Equal("1-30-3", pod.Annotations()["istio.io/rev"]);
        Assert.Equal("istio", pod.Labels()["security.istio.io/tlsMode"]);
        Assert.Equal("tenant", pod.Labels()["service.istio.io/canonical-name"]);
        Assert.Equal("v1", pod.Labels()["service.istio.io/canonical-revision"]);
        Assert.Equal("1-30-3", JsonNode.Parse(pod.Annotations()["sidecar.istio.io/status"]).Text("revision"));
        Assert.Contains(pod.List("spec", "initContainers").Last().List("env"), variable => variable.Text("name") == "SECRET_TTL" && variable.Text("value") == "2160h");
    }

    [Fact]
    public void Before_1_27_the_sidecar_is_a_container()
    {
        var pod = Pod("""{ "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "a", "image": "x" }] } }""");

        PodInjection.Inject(pod, "ns", Settings with { IsNative = false });

        Assert.Equal(["istio-init"], pod.List("spec", "initContainers").Select(container => container.Text("name")!));
        Assert.Equal(["a", "istio-proxy"], pod.List("spec", "containers").Select(container => container.Text("name")!));
    }

    [Fact]
    public void A_gateway_gets_the_image_and_keeps_what_it_states()
    {
        var pod = Pod("""
            { "metadata": { "name": "g", "annotations": { "inject.istio.io/templates": "gateway" } },
              "spec": { "containers": [{ "name": "istio-proxy", "image": "auto", "resources": { "requests": { "cpu": "7m" } } }] } }
            """);

        PodInjection.Inject(pod, "istio-system", Settings);

        var proxy = Assert.Single(pod.List("spec", "containers"));
        Assert.Equal(Settings.Image, proxy.Text("image"));
        Assert.Equal("7m", proxy.Text("resources", "requests", "cpu"));
        Assert.Contains("router", proxy.Texts("args"));
        Assert.Empty(pod.List("spec", "initContainers"));
        Assert.False(pod.Labels().ContainsKey("security.istio.io/tlsMode"));
    }

    [Theory]
    [InlineData("""{ "metadata": { "name": "a" }, "spec": { "hostNetwork": true, "containers": [] } }""", "ns")]
    [InlineData("""{ "metadata": { "name": "a" }, "spec": { "containers": [] } }""", "kube-system")]
    [InlineData("""{ "metadata": { "name": "a", "annotations": { "sidecar.istio.io/inject": "false" } }, "spec": { "containers": [] } }""", "ns")]
    [InlineData("""{ "metadata": { "name": "a", "annotations": { "sidecar.istio.io/status": "{}" } }, "spec": { "containers": [] } }""", "ns")]
    public void What_istiod_leaves_alone_is_not_changed(string json, string ns)
    {
        var pod = Pod(json);

        Assert.False(PodInjection.Inject(pod, ns, Settings));
        Assert.True(JsonNode.DeepEquals(Pod(json), pod));
    }

    [Fact]
    public void Probes_go_to_the_agent()
    {
        var pod = Pod("""{ "metadata": { "name": "a" }, "spec": { "containers": [{ "name": "a", "readinessProbe": { "httpGet": { "path": "/r", "port": 8080 } } }] } }""");

        PodInjection.Inject(pod, "ns", Settings);

        var probe = pod.List("spec", "containers").Single().Map("readinessProbe", "httpGet");
        Assert.Equal("/app-health/a/readyz", probe.Text("path"));
        Assert.Equal(15020, probe.Number("port"));
    }

    private static JsonObject Pod(string json) => JsonNode.Parse(json)!.AsObject();

    private static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
