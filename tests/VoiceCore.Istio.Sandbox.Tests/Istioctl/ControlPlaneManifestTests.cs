using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Istioctl;

namespace VoiceCore.Istio.Sandbox.Tests.Istioctl;

public sealed class ControlPlaneManifestTests
{
    private const string Operator = """
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        metadata: { name: mesh, namespace: istio-system }
        spec:
          profile: minimal
          hub: registry.example.com/istio
          meshConfig: { accessLogFile: /dev/stdout, enableAutoMtls: true }
          values:
            pilot: { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5, cpu: { targetAverageUtilization: 70 } }
        """;

    // What "istioctl manifest generate" of Istio 1.30 and later prints for this document.
    private static readonly string[] Expected =
    [
        "ServiceAccount istio-system/istio-reader-service-account",
        "ServiceAccount istio-system/istiod-1-30-3",
        "ClusterRole istio-reader-clusterrole-1-30-3-istio-system",
        "ClusterRole istiod-clusterrole-1-30-3-istio-system",
        "ClusterRole istiod-gateway-controller-1-30-3-istio-system",
        "ClusterRoleBinding istio-reader-clusterrole-1-30-3-istio-system",
        "ClusterRoleBinding istiod-clusterrole-1-30-3-istio-system",
        "ClusterRoleBinding istiod-gateway-controller-1-30-3-istio-system",
        "ValidatingWebhookConfiguration istio-validator-1-30-3-istio-system",
        "ConfigMap istio-system/istio-1-30-3",
        "ConfigMap istio-system/istio-sidecar-injector-1-30-3",
        "ConfigMap istio-system/values-1-30-3",
        "MutatingWebhookConfiguration istio-sidecar-injector-1-30-3",
        "Deployment istio-system/istiod-1-30-3",
        "PodDisruptionBudget istio-system/istiod-1-30-3",
        "Role istio-system/istiod-1-30-3",
        "RoleBinding istio-system/istiod-1-30-3",
        "HorizontalPodAutoscaler istio-system/istiod-1-30-3",
        "Service istio-system/istiod-1-30-3",
    ];

    [Fact]
    public void Renders_the_objects_that_istioctl_renders() =>
        Assert.Equal(Expected.Order(StringComparer.Ordinal), Manifest().Objects.Select(item => item.ToString()).Order(StringComparer.Ordinal));

    [Fact]
    public void Renders_the_resources_of_Istio_in_their_versions()
    {
        var resources = Manifest().Resources.ToDictionary(item => item.Name);

        Assert.Equal(15, resources.Count);
        Assert.Equal(["v1*", "v1alpha3", "v1beta1"], Versions(resources["destinationrules.networking.istio.io"]));
        Assert.Equal(["v1", "v1alpha1*"], Versions(resources["telemetries.telemetry.istio.io"]));
    }

    [Fact]
    public void Before_1_22_there_is_no_v1_of_networking()
    {
        var resources = Manifest("1.21.0").Resources.ToDictionary(item => item.Name);

        Assert.Equal(14, resources.Count);
        Assert.Equal(["v1alpha3*", "v1beta1"], Versions(resources["virtualservices.networking.istio.io"]));
    }

    [Fact]
    public void An_overlay_and_then_settings_go_last()
    {
        var manifest = Manifest(documents: [Operator, """
            apiVersion: install.istio.io/v1alpha1
            kind: IstioOperator
            spec:
              meshConfig: { defaultConfig: { proxyMetadata: { SECRET_TTL: 2160h } } }
              values: { pilot: { env: { MAX_WORKLOAD_CERT_TTL: 2160h } } }
            """], settings: new() { ["values.pilot.autoscaleEnabled"] = "false", ["values.pilot.replicaCount"] = "3" });

        var mesh = manifest.Objects.Single(item => item.Name == "istio-1-30-3").Json["data"]!["mesh"]!.ToString();
        var deployment = manifest.Objects.Single(item => item.Kind == "Deployment").Json;
        Assert.Contains("SECRET_TTL: 2160h", mesh, StringComparison.Ordinal);
        Assert.Contains("accessLogFile: /dev/stdout", mesh, StringComparison.Ordinal);
        Assert.Equal(3, (int)deployment["spec"]!["replicas"]!);
        Assert.Contains(
            deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray(),
            variable => (string?)variable!["name"] == "MAX_WORKLOAD_CERT_TTL" && (string?)variable["value"] == "2160h");
        Assert.DoesNotContain(manifest.Objects, item => item.Kind == "HorizontalPodAutoscaler");
    }

    [Theory]
    [InlineData("spec: { meshConfg: {} }", "unknown field \"meshConfg\"")]
    [InlineData("spec: { profile: demo }", "minimal")]
    [InlineData("spec: { components: { cni: { enabled: true } } }", "cni")]
    public void What_is_not_played_is_refused(string spec, string reason)
    {
        var error = Assert.Throws<MeshException>(() => Manifest(documents: ["apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n" + spec]));

        Assert.Equal("IstioctlManifestFailed", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static ControlPlaneManifest Manifest(string version = "1.30.3", string[]? documents = null, Dictionary<string, string>? settings = null) =>
        new(new ControlPlaneRequest { OperatorDocuments = documents ?? [Operator], Revision = "1-30-3", Settings = settings ?? [] }, IstioVersion.TryParse(version)!);

    private static IEnumerable<string> Versions(KubernetesObject definition) =>
        definition.Json["spec"]!["versions"]!.AsArray().Select(version => (string?)version!["name"] + ((bool)version["storage"]! ? "*" : ""));
}
