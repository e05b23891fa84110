using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// The control plane as two IstioOperator documents: istiod alone (profile <c>minimal</c>: no gateways, which are objects of our own),
/// and the certificates as an overlay.
/// </summary>
internal static class ControlPlaneRenderer
{
    /// <summary>
    /// Statistics of circuit breakers, outlier detection and rate limits, which a sidecar does not emit by default
    /// (<c>pkg/bootstrap/config.go</c> keeps a handful of prefixes only).
    /// </summary>
    private static readonly string[] Statistics =
    [
        ".*circuit_breakers.*",
        ".*outlier_detection.*",
        ".*upstream_rq_(pending|active|retry)_overflow.*",
        ".*upstream_cx_overflow.*",
        ".*membership_(healthy|total).*",
        ".*http_local_rate_limit.*",
        ".*ratelimit.*",
    ];

    internal static RenderedObject Installation(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        var mesh = definition.Mesh;
        var controlPlane = definition.ControlPlane;
        var spec = new JsonObject
        {
            ["profile"] = "minimal",
            ["hub"] = options.Hub ?? controlPlane.Hub,
            ["revision"] = options.Revision,
            ["meshConfig"] = new JsonObject
            {
                ["rootNamespace"] = mesh.RootNamespace,
                ["trustDomain"] = mesh.TrustDomain,
                ["enableAutoMtls"] = true,
                ["accessLogFile"] = mesh.AccessLog?.File,
                ["accessLogEncoding"] = mesh.AccessLog?.Encoding.Text(),
                ["enableTracing"] = mesh.Tracing is not null,
                ["extensionProviders"] = mesh.Tracing is null ? null : new JsonArray(TracingProvider(mesh.Tracing)),
                ["defaultConfig"] = new JsonObject
                {
                    ["proxyStatsMatcher"] = new JsonObject
                    {
                        ["inclusionRegexps"] = new JsonArray([.. Statistics.Select(regex => JsonValue.Create(regex))]),
                    },
                },
            },
            ["values"] = new JsonObject
            {
                ["global"] = new JsonObject { ["istioNamespace"] = controlPlane.Namespace },
                ["pilot"] = new JsonObject
                {
                    ["autoscaleEnabled"] = controlPlane.Replicas.IsAutoscaled,
                    ["autoscaleMin"] = controlPlane.Replicas.IsAutoscaled ? controlPlane.Replicas.Minimum : null,
                    ["autoscaleMax"] = controlPlane.Replicas.IsAutoscaled ? controlPlane.Replicas.Maximum : null,
                    ["cpu"] = controlPlane.Replicas.IsAutoscaled
                        ? new JsonObject { ["targetAverageUtilization"] = controlPlane.Replicas.TargetCpuUtilization }
                        : null,
                    ["replicaCount"] = Manifest.FixedReplicas(controlPlane.Replicas),
                    ["resources"] = Manifest.Resources(controlPlane.Resources),
                },
            },
        };
        foreach (var (path, value) in controlPlane.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
            Set(spec, path.Split('.'), value);
        return Operator(definition, manifest, "voicecore-mesh", spec);
    }

    internal static RenderedObject CertificateOverlay(MeshDefinition definition, Manifest manifest)
    {
        var settings = CertificateSettings.Of(definition.Mesh.Certificates);
        return Operator(definition, manifest, "voicecore-mesh-certificates", new JsonObject
        {
            ["meshConfig"] = new JsonObject
            {
                ["defaultConfig"] = new JsonObject
                {
                    ["proxyMetadata"] = new JsonObject
                    {
                        ["SECRET_TTL"] = MeshDuration.Format(settings.Lifetime),
                        ["SECRET_GRACE_PERIOD_RATIO"] = Ratio(settings.GraceRatio),
                        ["SECRET_GRACE_PERIOD_RATIO_JITTER"] = Ratio(settings.Jitter),
                    },
                },
            },
            ["values"] = new JsonObject
            {
                ["pilot"] = new JsonObject
                {
                    ["env"] = new JsonObject { ["MAX_WORKLOAD_CERT_TTL"] = MeshDuration.Format(settings.MaxLifetime) },
                },
            },
        });
    }

    private static void Set(JsonObject spec, ReadOnlySpan<string> path, string value)
    {
        if (path.Length == 1)
        {
            spec[path[0]] = Typed(value);
            return;
        }

        if (spec[path[0]] is not JsonObject below)
            spec[path[0]] = below = [];
        Set(below, path[1..], value);
    }

    // As "--set" reads values: a whole number or a boolean is one, everything else a text.
    private static JsonValue Typed(string value) =>
        bool.TryParse(value, out var boolean) ? JsonValue.Create(boolean)
        : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(value);

    private static RenderedObject Operator(MeshDefinition definition, Manifest manifest, string name, JsonObject spec) =>
        manifest.Object(
            ManifestRole.ControlPlane, "install.istio.io/v1alpha1", "IstioOperator", definition.ControlPlane.Namespace, name,
            new JsonObject { ["spec"] = spec });

    private static JsonObject TracingProvider(TracingDefinition tracing) => new()
    {
        ["name"] = tracing.Provider,
        ["opentelemetry"] = new JsonObject { ["service"] = tracing.Service, ["port"] = tracing.Port },
    };

    private static string Ratio(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
