using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// The alerts as rules of Prometheus: expiry of certificates, open circuit breakers, failures, latency, restarts.
/// Metrics: Istio's standard metrics (https://istio.io/latest/docs/reference/config/metrics/), istiod's and the agent's own
/// (<c>citadel_server_root_cert_expiry_timestamp</c>, <c>istio_agent_cert_expiry_seconds</c>), Envoy's outlier detection, and
/// kube-state-metrics' restarts.
/// </summary>
internal static class AlertRenderer
{
    // What callers see: the server's side would not know the requests that never reached it.
    private const string Reporter = "reporter=\"source\"";

    // UO: refused by a limit. UH: no replica left. URX: no retry left. A request may carry several flags.
    private const string BreakerFlags = "response_flags=~\"(.*,)?(UO|UH|URX)(,.*)?\"";

    // A gRPC service answers errors with HTTP 200. These are the statuses that correspond to 5xx (google/rpc/code.proto): UNKNOWN,
    // DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS.
    private const string GrpcErrors = "grpc_response_status=~\"2|4|12|13|14|15\"";

    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        if (!options.PrometheusRules || definition.Alerts is not { } alerts)
            yield break;
        yield return manifest.Object(
            ManifestRole.Policy, "monitoring.coreos.com/v1", "PrometheusRule", alerts.Namespace, $"{definition.Product}-mesh",
            new JsonObject { ["spec"] = Rules(definition) },
            new JsonObject(alerts.Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))));
    }

    /// <summary>The file of rules; null where the definition has no alerts.</summary>
    internal static JsonObject? Rules(MeshDefinition definition) => definition.Alerts is not { } alerts ? null : new JsonObject
    {
        ["groups"] = new JsonArray(
        [
            Group(definition, "certificates", Certificates(definition, alerts)),
            Group(definition, "pods", [Restarts(definition, alerts)]),
            .. definition.Services.Select(service => Group(definition, service.Name, OfService(service, definition, alerts))),
        ]),
    };

    private static JsonObject Group(MeshDefinition definition, string name, IEnumerable<JsonObject> rules) => new()
    {
        ["name"] = $"{definition.Product}-{name}",
        ["rules"] = new JsonArray([.. rules]),
    };

    private static IEnumerable<JsonObject> Certificates(MeshDefinition definition, AlertDefinition alerts)
    {
        var workload = alerts.WorkloadExpiry(CertificateSettings.Of(definition.Mesh.Certificates));
        yield return Rule(
            "MeshRootCertificateExpiring",
            $"citadel_server_root_cert_expiry_timestamp - time() < {Seconds(alerts.CertificateExpiry)}",
            "10m", "critical", service: null,
            "The root certificate of the mesh expires soon",
            $"Less than {MeshDuration.Format(alerts.CertificateExpiry)} left. When it expires, no two workloads can talk to each other. Rotate the CA.");
        yield return Rule(
            "MeshWorkloadCertificateExpiring",
            $"min by (namespace, pod) (istio_agent_cert_expiry_seconds) < {Seconds(workload)}",
            "10m", "warning", service: null,
            "The certificate of {{ $labels.namespace }}/{{ $labels.pod }} expires soon",
            $"Less than {MeshDuration.Format(workload)} left: its rotation has failed. See whether istiod signs (citadel_server_csr_sign_err_count) and the pod reaches it.");
    }

    private static JsonObject Restarts(MeshDefinition definition, AlertDefinition alerts) => Rule(
        "MeshPodRestarting",
        $"increase(kube_pod_container_status_restarts_total{{namespace=\"{definition.Namespace}\"}}[1h]) >= {Number(alerts.PodRestarts)}",
        null, "warning", service: null,
        "{{ $labels.namespace }}/{{ $labels.pod }} restarts again and again",
        $"Container {{{{ $labels.container }}}} restarted {Number(alerts.PodRestarts)} times or more within an hour.");

    private static IEnumerable<JsonObject> OfService(ServiceDefinition service, MeshDefinition definition, AlertDefinition alerts)
    {
        var destination = $"destination_service_name=\"{service.Name}\",destination_service_namespace=\"{definition.Namespace}\"";
        var refused = $"istio_requests_total{{{Reporter},{destination},{BreakerFlags}}}";
        // A series begins with its first refusals, which are no increase to Prometheus: one that was not there 5 minutes ago counts as a whole.
        yield return Rule(
            "MeshCircuitBreakerActive",
            $"sum(increase({refused}[5m])) > 0 or sum({refused} unless {refused} offset 5m) > 0"
                + $" or sum(envoy_cluster_outlier_detection_ejections_active{{cluster_name=~\"{Clusters(service, definition)}\"}}) > 0",
            null, "warning", service,
            $"The circuit breaker of {service.Name} is active",
            "Callers' proxies refuse requests (flags UO, UH, URX) or leave out replicas. Get-MeshCircuitBreaker shows limits and ejected hosts.");

        if (!service.Ports.Any(port => port.Protocol.IsHttp()))
            yield break;
        var failed = $"rate(istio_requests_total{{{Reporter},{destination},response_code=~\"5..\"}}[5m])";
        // A series that is both counts once.
        if (service.Ports.Any(port => port.Protocol == ServiceProtocol.Grpc))
            failed += $" or rate(istio_requests_total{{{Reporter},{destination},{GrpcErrors}}}[5m])";
        yield return Rule(
            "MeshErrorRateHigh",
            $"100 * sum({failed})"
                + $" / sum(rate(istio_requests_total{{{Reporter},{destination}}}[5m])) > {Number(alerts.ErrorPercentage)}",
            "5m", "critical", service,
            $"{service.Name} fails",
            $"{{{{ $value | humanize }}}} % of its requests failed within 5 minutes; the threshold is {Number(alerts.ErrorPercentage)} %.");

        var latency = alerts.LatencyOf(service);
        yield return Rule(
            "MeshLatencyHigh",
            $"histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{{{Reporter},{destination}}}[5m]))) > {Number(latency.TotalMilliseconds)}",
            "5m", "warning", service,
            $"{service.Name} is slow",
            $"99 % of its requests take up to {{{{ $value | humanize }}}} ms; the threshold is {MeshDuration.Format(latency)}.");
    }

    private static JsonObject Rule(
        string alert, string expression, string? pending, string severity, ServiceDefinition? service, string summary, string description) => new JsonObject
    {
        ["alert"] = alert,
        ["expr"] = expression,
        ["for"] = pending,
        ["labels"] = new JsonObject { ["severity"] = severity, ["service"] = service?.Name },
        ["annotations"] = new JsonObject { ["summary"] = summary, ["description"] = description },
    }.WithoutNulls();

    // outbound|80||tenant.voicecore-ai.svc.cluster.local, some versions with a semicolon behind it.
    private static string Clusters(ServiceDefinition service, MeshDefinition definition)
    {
        var host = $"{service.Name}.{definition.Namespace}.svc.{definition.Mesh.ClusterDomain}".Replace(".", @"\\.", StringComparison.Ordinal);
        return $@"outbound\\|[0-9]+\\|[^|]*\\|{host};?";
    }

    private static string Seconds(TimeSpan duration) => Number(duration.TotalSeconds);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
