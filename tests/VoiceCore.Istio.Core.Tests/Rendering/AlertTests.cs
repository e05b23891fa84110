using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Tests.Definition;

namespace VoiceCore.Istio.Core.Tests.Rendering;

public sealed class AlertTests
{
    [Fact]
    public void The_object_is_there_only_where_its_kind_is_served()
    {
        Assert.DoesNotContain(Render(Examples.Shop, served: false).Objects, item => item.Object.Kind == "PrometheusRule");
        var rule = Render(Examples.Shop, served: true).Objects.Single(item => item.Object.Kind == "PrometheusRule").Object;
        Assert.Equal(("monitoring", "prometheus"), (rule.Namespace, rule.Label("release")));
    }

    [Fact]
    public void File_and_object_hold_the_same_rules()
    {
        var mesh = Render(MeshDefinitionFile.VoiceCore, served: true);

        Assert.Equal(
            mesh.Files.Single(file => file.Name == "alerts.rules.yaml").Document!.ToJsonString(),
            mesh.Objects.Single(item => item.Object.Kind == "PrometheusRule").Object.Json["spec"]!.ToJsonString());
    }

    [Fact]
    public void Each_of_the_runbooks_alerts_is_there_for_every_service()
    {
        var rules = Rules(MeshDefinitionFile.VoiceCore);

        Assert.Equal(
            ["MeshCircuitBreakerActive", "MeshErrorRateHigh", "MeshLatencyHigh", "MeshPodRestarting", "MeshRootCertificateExpiring", "MeshWorkloadCertificateExpiring"],
            rules.Select(rule => rule.Alert).Distinct().Order());
        Assert.Equal(8, rules.Count(rule => rule.Alert == "MeshLatencyHigh"));
    }

    [Theory]
    [InlineData("tenant", "> 1000")]
    [InlineData("call", "> 30000")]
    [InlineData("ai", "> 60000")]
    public void Latency_has_the_threshold_of_the_service(string service, string end) =>
        Assert.EndsWith(end, Rules(MeshDefinitionFile.VoiceCore).Single(rule => rule.Alert == "MeshLatencyHigh" && rule.Service == service).Expression, StringComparison.Ordinal);

    [Theory]
    [InlineData("cart", true)]
    [InlineData("web", false)]
    public void Statuses_of_gRPC_count_for_those_who_speak_it(string service, bool counts) => Assert.Equal(
        counts,
        Rules(Examples.Shop).Single(rule => rule.Alert == "MeshErrorRateHigh" && rule.Service == service).Expression.Contains("grpc_response_status", StringComparison.Ordinal));

    [Theory]
    [InlineData("istiod/metrics.txt", "citadel_server_root_cert_expiry_timestamp")]
    [InlineData("envoy/gateway-tenant-1of3-ejected-max50/stats-prometheus.txt", "envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||tenant.voicecore-ai.svc.cluster.local")]
    public void The_metrics_are_emitted(string recording, string metric)
    {
        var path = Path.Combine(SharedData.Folder ?? "", "recordings", recording);
        Assert.SkipUnless(File.Exists(path), "The recording is not here.");

        Assert.Contains(metric, File.ReadAllText(path), StringComparison.Ordinal);
    }

    private static RenderedMesh Render(MeshDefinition definition, bool served) =>
        MeshRenderer.Render(definition, new RenderOptions { Revision = "default", PrometheusRules = served });

    private static List<(string Alert, string? Service, string Expression)> Rules(MeshDefinition definition) =>
    [
        .. Render(definition, served: false).Files.Single(file => file.Name == "alerts.rules.yaml").Document!["groups"]!.AsArray()
            .SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => ((string)rule!["alert"]!, (string?)rule["labels"]!["service"], (string)rule["expr"]!)),
    ];
}
