using System.Diagnostics;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The rendered rules under Prometheus' own judge (<c>promtool</c>, in Debian's package <c>prometheus</c>): they are well formed, they
/// fire for what they are for and for nothing else. Skipped where promtool is not installed.
/// </summary>
public sealed class AlertRuleTests : IDisposable
{
    private const string Rules = "alerts.rules.yaml";
    private const string Requests = "istio_requests_total{reporter=\"source\",destination_service_namespace=\"voicecore-ai\",destination_service_name=";
    private const string Buckets = "istio_request_duration_milliseconds_bucket{reporter=\"source\",destination_service_namespace=\"voicecore-ai\",destination_service_name=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("alerts");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Shop.yaml")]
    public async Task The_rules_are_well_formed(string? example) => await PromtoolAsync(MeshDefinitionFile.Load(example is null ? null : Example(example)), "check", "rules", Rules);

    [Theory]

    // The root certificate: time() is the time of the test, 20 minutes.
    [InlineData("MeshRootCertificateExpiring", null, true, "citadel_server_root_cert_expiry_timestamp", "600000x30")]
    [InlineData("MeshRootCertificateExpiring", null, false, "citadel_server_root_cert_expiry_timestamp", "610000x30")]

    // Workload certificates: 7 days are 604800 s.
    [InlineData("MeshWorkloadCertificateExpiring", null, true, "istio_agent_cert_expiry_seconds{namespace=\"voicecore-ai\",pod=\"a\",resource_name=\"default\"}", "604000x30")]
    [InlineData("MeshWorkloadCertificateExpiring", null, false, "istio_agent_cert_expiry_seconds{namespace=\"voicecore-ai\",pod=\"a\",resource_name=\"default\"}", "605000x30")]

    // Three restarts within the hour, and one.
    [InlineData("MeshPodRestarting", null, true, "kube_pod_container_status_restarts_total{namespace=\"voicecore-ai\",pod=\"a\",container=\"tenant\"}", "0+1x20")]
    [InlineData("MeshPodRestarting", null, false, "kube_pod_container_status_restarts_total{namespace=\"voicecore-ai\",pod=\"a\",container=\"tenant\"}", "0x15 1x20")]
    [InlineData("MeshPodRestarting", null, false, "kube_pod_container_status_restarts_total{namespace=\"other\",pod=\"a\",container=\"x\"}", "0+1x20")]

    // Refused by a limit; by one flag of several; not refused; another service.
    [InlineData("MeshCircuitBreakerActive", "tenant", true, Requests + "\"tenant\",response_code=\"503\",response_flags=\"UO\"}", "0+1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", true, Requests + "\"tenant\",response_code=\"503\",response_flags=\"URX,UH\"}", "0+1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, Requests + "\"tenant\",response_code=\"503\",response_flags=\"UF\"}", "0+1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, Requests + "\"call\",response_code=\"503\",response_flags=\"UO\"}", "0+1x20")]

    // The first refusals begin a series that then stays as it is: new for 5 minutes, and old.
    [InlineData("MeshCircuitBreakerActive", "tenant", true, Requests + "\"tenant\",response_code=\"503\",response_flags=\"UO\"}", "_x17 5x10")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, Requests + "\"tenant\",response_code=\"503\",response_flags=\"UO\"}", "_x5 5x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, Requests + "\"tenant\",response_code=\"503\",response_flags=\"UF\"}", "_x17 5x10")]

    // A replica left out, with and without the semicolon that some versions write; a service whose name ends alike.
    [InlineData("MeshCircuitBreakerActive", "tenant", true, "envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||tenant.voicecore-ai.svc.cluster.local\"}", "1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", true, "envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80|v1|tenant.voicecore-ai.svc.cluster.local;\"}", "1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, "envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||sub-tenant.voicecore-ai.svc.cluster.local\"}", "1x20")]
    [InlineData("MeshCircuitBreakerActive", "tenant", false, "envoy_cluster_outlier_detection_ejections_active{cluster_name=\"outbound|80||tenant.voicecore-ai.svc.cluster.local\"}", "0x20")]

    // 6 % and 4 % of the requests fail; a client's mistake is none of the service.
    [InlineData("MeshErrorRateHigh", "tenant", true, Requests + "\"tenant\",response_code=\"200\"}", "0+94x20", Requests + "\"tenant\",response_code=\"503\"}", "0+6x20")]
    [InlineData("MeshErrorRateHigh", "tenant", false, Requests + "\"tenant\",response_code=\"200\"}", "0+96x20", Requests + "\"tenant\",response_code=\"503\"}", "0+4x20")]
    [InlineData("MeshErrorRateHigh", "tenant", false, Requests + "\"tenant\",response_code=\"200\"}", "0+50x20", Requests + "\"tenant\",response_code=\"404\"}", "0+50x20")]
    [InlineData("MeshErrorRateHigh", "call", false, Requests + "\"tenant\",response_code=\"503\"}", "0+6x20")]

    // 5 % take more than a second, and then 0.5 %.
    [InlineData("MeshLatencyHigh", "tenant", true, Buckets + "\"tenant\",le=\"1000\"}", "0+950x20", Buckets + "\"tenant\",le=\"2500\"}", "0+1000x20", Buckets + "\"tenant\",le=\"+Inf\"}", "0+1000x20")]
    [InlineData("MeshLatencyHigh", "tenant", false, Buckets + "\"tenant\",le=\"1000\"}", "0+995x20", Buckets + "\"tenant\",le=\"2500\"}", "0+1000x20", Buckets + "\"tenant\",le=\"+Inf\"}", "0+1000x20")]

    // The AI service may take a minute: half a minute is no alert, more than a minute is.
    [InlineData("MeshLatencyHigh", "ai", false, Buckets + "\"ai\",le=\"10000\"}", "0+0x20", Buckets + "\"ai\",le=\"30000\"}", "0+1000x20", Buckets + "\"ai\",le=\"+Inf\"}", "0+1000x20")]
    [InlineData("MeshLatencyHigh", "ai", true, Buckets + "\"ai\",le=\"60000\"}", "0+900x20", Buckets + "\"ai\",le=\"300000\"}", "0+1000x20", Buckets + "\"ai\",le=\"+Inf\"}", "0+1000x20")]
    public Task An_alert_fires_for_what_it_is_for(string alert, string? service, bool fires, params string[] series) =>
        FiresAsync(MeshDefinitionFile.VoiceCore, alert, service, fires, series);

    // The shop's threshold is 1 %. INTERNAL is an error of the service, NOT_FOUND is none, and what is 503 and UNAVAILABLE at once counts once.
    [Theory]
    [InlineData(true, "200", "13", "0+980x20", "0+20x20")]
    [InlineData(true, "503", "", "0+980x20", "0+20x20")]
    [InlineData(false, "200", "5", "0+980x20", "0+20x20")]
    [InlineData(false, "503", "14", "0+992x20", "0+8x20")]
    public Task Errors_of_gRPC_are_in_its_status(bool fires, string code, string status, string good, string bad)
    {
        const string Cart = "istio_requests_total{reporter=\"source\",destination_service_namespace=\"shop\",destination_service_name=\"cart\",";
        return FiresAsync(
            MeshDefinitionFile.Load(Example("Shop.yaml")), "MeshErrorRateHigh", "cart", fires,
            Cart + "response_code=\"200\",grpc_response_status=\"0\"}", good, Cart + $"response_code=\"{code}\",grpc_response_status=\"{status}\"}}", bad);
    }

    [Fact]
    public async Task A_mesh_without_traffic_is_quiet()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "test.yaml"), $"""
            rule_files: [{Rules}]
            evaluation_interval: 1m
            tests:
            - interval: 1m
              input_series: []
              promql_expr_test:
              - expr: ALERTS
                eval_time: 20m
                exp_samples: []
            """, Stop);

        await PromtoolAsync(MeshDefinitionFile.VoiceCore, "test", "rules", "test.yaml");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task FiresAsync(MeshDefinition definition, string alert, string? service, bool fires, params string[] series)
    {
        var label = service is null ? "" : $",service=\"{service}\"";
        var inputs = string.Concat(series.Chunk(2).Select(pair => $"  - {{ series: '{pair[0]}', values: '{pair[1]}' }}\n"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "test.yaml"),
            $"rule_files: [{Rules}]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n{inputs}"
            + $"  promql_expr_test:\n  - expr: 'count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"{label}}}) or vector(0)'\n"
            + $"    eval_time: 20m\n    exp_samples: [{{ labels: '{{}}', value: {(fires ? 1 : 0)} }}]\n",
            Stop);

        await PromtoolAsync(definition, "test", "rules", "test.yaml");
    }

    private async Task PromtoolAsync(MeshDefinition definition, params string[] arguments)
    {
        var program = Find();
        Assert.SkipWhen(program is null, "promtool is not installed.");
        var file = MeshRenderer.Render(definition, new RenderOptions { Revision = "default" }).Files.Single(file => file.Name == Rules);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, Rules), RenderedText.Of(file), Stop);

        using var process = Process.Start(new ProcessStartInfo(program!, arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);

        Assert.True(process.ExitCode == 0, string.Concat(output));
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "promtool.exe" : "promtool"))
        .FirstOrDefault(File.Exists);

    private static string Example(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "Examples", name);
    }
}
