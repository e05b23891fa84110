using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Tests.Definition;
using KubernetesObject = VoiceCore.Istio.Core.Kubernetes.KubernetesObject;

namespace VoiceCore.Istio.Core.Tests.Rendering;

public sealed class MeshRendererTests
{
    private static readonly RenderOptions Options = new() { Revision = "1-30-3" };

    private static readonly RenderedMesh VoiceCore = MeshRenderer.Render(MeshDefinitionFile.VoiceCore, Options);

    [Fact]
    public void FilesInTheOrderInWhichTheyAreApplied()
    {
        Assert.Equal(
            [
                "namespace-injection.yaml", "istio-installation.yaml", "certificate-rotation.yaml", "mtls-policy.yaml", "zero-trust.yaml",
                "rate-limits.yaml", "telemetry.yaml", "alerts.rules.yaml", "traffic-management.yaml", "gateways.yaml", "microservices-deployments.yaml",
            ],
            VoiceCore.Files.Select(file => file.Name));
        Assert.Equal(VoiceCore.Objects.Select(item => item.Role).Order(), VoiceCore.Objects.Select(item => item.Role));
    }

    [Fact]
    public void EveryObjectSaysWhoseItIs() =>
        Assert.All(VoiceCore.Objects, item =>
        {
            Assert.Equal("voicecore-mesh", item.Object.Label("app.kubernetes.io/managed-by"));
            Assert.Equal("voicecore-ai", item.Object.Label("app.kubernetes.io/part-of"));
        });

    [Fact]
    public void NoObjectIsThereTwice() =>
        Assert.Equal(VoiceCore.Objects.Count(), VoiceCore.Objects.Select(item => item.Object.Reference).Distinct().Count());

    [Fact]
    public void AnInjectedNamespaceHasExactlyOneInjectionLabel()
    {
        Assert.Equal("1-30-3", Find("Namespace", "voicecore-ai").Label("istio.io/rev"));
        Assert.Null(Find("Namespace", "observability").Label("istio.io/rev"));
        Assert.Null(Find("Namespace", "istio-system").Label("istio.io/rev"));
        Assert.All(VoiceCore.Objects, item => Assert.Null(item.Object.Label("istio-injection")));
    }

    [Fact]
    public void TheControlPlaneIsIstiodAlone()
    {
        var spec = Find("IstioOperator", "voicecore-mesh").Json["spec"]!;
        AssertJson(
            """
            {
              "rootNamespace": "istio-system", "trustDomain": "cluster.local", "enableAutoMtls": true,
              "accessLogFile": "/dev/stdout", "accessLogEncoding": "JSON", "enableTracing": true,
              "extensionProviders": [{ "name": "otel", "opentelemetry": { "service": "otel-collector.observability.svc.cluster.local", "port": 4317 } }],
              "defaultConfig": { "proxyStatsMatcher": { "inclusionRegexps": [
                ".*circuit_breakers.*", ".*outlier_detection.*", ".*upstream_rq_(pending|active|retry)_overflow.*", ".*upstream_cx_overflow.*",
                ".*membership_(healthy|total).*", ".*http_local_rate_limit.*", ".*ratelimit.*" ] } }
            }
            """,
            spec["meshConfig"]);
        Assert.Equal("minimal", (string?)spec["profile"]);
        Assert.Equal("1-30-3", (string?)spec["revision"]);
        Assert.Null(spec["hub"]);
        Assert.Null(spec["components"]);
    }

    [Fact]
    public void SettingsOfTheControlPlaneGoBeforeEverythingElse()
    {
        var definition = MeshDefinitionFile.VoiceCore with
        {
            ControlPlane = MeshDefinitionFile.VoiceCore.ControlPlane with
            {
                Settings = new Dictionary<string, string>
                {
                    ["values.telemetry.enabled"] = "false",
                    ["values.pilot.autoscaleMax"] = "9",
                    ["meshConfig.accessLogFile"] = "/dev/stderr",
                },
            },
        };

        var spec = Find(MeshRenderer.Render(definition, Options), "IstioOperator", "voicecore-mesh").Json["spec"]!;

        Assert.False((bool)spec["values"]!["telemetry"]!["enabled"]!);
        Assert.Equal(9, (int)spec["values"]!["pilot"]!["autoscaleMax"]!);
        Assert.Equal(2, (int)spec["values"]!["pilot"]!["autoscaleMin"]!);
        Assert.Equal("/dev/stderr", (string?)spec["meshConfig"]!["accessLogFile"]);
    }

    [Fact]
    public void TheHubOfTheOptionsGoesFirst()
    {
        var definition = MeshDefinitionFile.VoiceCore with
        {
            ControlPlane = MeshDefinitionFile.VoiceCore.ControlPlane with { Hub = "registry.example.com/istio" },
        };
        Assert.Equal("registry.example.com/istio", Hub(MeshRenderer.Render(definition, Options)));
        Assert.Equal("mirror.example.com/istio", Hub(MeshRenderer.Render(definition, Options with { Hub = "mirror.example.com/istio" })));

        static string? Hub(RenderedMesh mesh) => (string?)Find(mesh, "IstioOperator", "voicecore-mesh").Json["spec"]!["hub"];
    }

    [Fact]
    public void CertificatesAreAnOverlayOfTheirOwn() =>
        AssertJson(
            """
            {
              "meshConfig": { "defaultConfig": { "proxyMetadata": {
                "SECRET_TTL": "2160h", "SECRET_GRACE_PERIOD_RATIO": "0.1", "SECRET_GRACE_PERIOD_RATIO_JITTER": "0.01" } } },
              "values": { "pilot": { "env": { "MAX_WORKLOAD_CERT_TTL": "2160h" } } }
            }
            """,
            Find("IstioOperator", "voicecore-mesh-certificates").Json["spec"]);

    [Fact]
    public void MutualTlsForTheMeshAndForEachService()
    {
        AssertJson("""{ "mtls": { "mode": "STRICT" } }""", Find("PeerAuthentication", "default", "istio-system").Json["spec"]);
        AssertJson(
            """{ "selector": { "matchLabels": { "app": "tenant" } }, "mtls": { "mode": "STRICT" } }""",
            Find("PeerAuthentication", "tenant", "voicecore-ai").Json["spec"]);
        Assert.Equal(9, VoiceCore.Objects.Count(item => item.Object.Kind == "PeerAuthentication"));
    }

    [Fact]
    public void PortExceptionsAreKeyedByTheContainersPort()
    {
        var definition = With("tenant", service => service with { PortMtls = new Dictionary<int, MtlsMode> { [8080] = MtlsMode.Permissive } });
        AssertJson(
            """{ "8080": { "mode": "PERMISSIVE" } }""",
            Find(MeshRenderer.Render(definition, Options), "PeerAuthentication", "tenant").Json["spec"]!["portLevelMtls"]);
    }

    [Fact]
    public void EveryRequestIsTracedByANamedProvider() =>
        AssertJson(
            """{ "tracing": [{ "providers": [{ "name": "otel" }], "randomSamplingPercentage": 100 }] }""",
            Find("Telemetry", "mesh-default", "istio-system").Json["spec"]);

    // The runbook's tables, made to work: tries share the time-out, requests have a limit, one of the smallest number of replicas may go.
    [Theory]
    [InlineData("tenant", "ROUND_ROBIN", 100, 50, 5, "30s", 50, "30s", 3, "7.5s")]
    [InlineData("call", "LEAST_REQUEST", 200, 100, 5, "30s", 34, "60s", 3, "15s")]
    [InlineData("ai", "LEAST_REQUEST", 150, 75, 3, "60s", 50, "120s", 2, "40s")]
    [InlineData("crm", "ROUND_ROBIN", 100, 50, 5, "30s", 50, "30s", 3, "7.5s")]
    [InlineData("analytics", "LEAST_REQUEST", 150, 75, 5, "30s", 50, "60s", 2, "20s")]
    [InlineData("integration", "ROUND_ROBIN", 100, 50, 5, "30s", 50, "45s", 3, "11.25s")]
    [InlineData("billing", "ROUND_ROBIN", 100, 50, 5, "30s", 50, "30s", 3, "7.5s")]
    public void TrafficOfAService(
        string name, string balancing, int connections, int pending, int errors, string ejection, int percent, string timeout, int attempts, string perTry)
    {
        AssertJson(
            $$"""
            {
              "host": "{{name}}",
              "trafficPolicy": {
                "loadBalancer": { "simple": "{{balancing}}", "localityLbSetting": { "enabled": false } },
                "connectionPool": {
                  "tcp": { "maxConnections": {{connections}} },
                  "http": { "http1MaxPendingRequests": {{pending}}, "http2MaxRequests": {{connections}} }
                },
                "outlierDetection": {
                  "consecutive5xxErrors": {{errors}}, "interval": "10s", "baseEjectionTime": "{{ejection}}", "maxEjectionPercent": {{percent}}
                }
              }
            }
            """,
            Find("DestinationRule", name, "voicecore-ai").Json["spec"]);
        AssertJson(
            $$"""
            {
              "hosts": ["{{name}}"],
              "http": [{
                "route": [{ "destination": { "host": "{{name}}", "port": { "number": 80 } } }],
                "timeout": "{{timeout}}",
                "retries": { "attempts": {{attempts}}, "perTryTimeout": "{{perTry}}", "retryOn": "connect-failure,refused-stream,unavailable,cancelled" }
              }]
            }
            """,
            Find("VirtualService", name, "voicecore-ai").Json["spec"]);
    }

    [Fact]
    public void TheGatewayServiceHasNoTimeoutAndIsReachedThroughTheIngress()
    {
        Assert.DoesNotContain(VoiceCore.Objects, item => item.Object is { Kind: "VirtualService", Name: "gateway" });
        AssertJson(
            """
            {
              "hosts": ["*"],
              "gateways": ["istio-ingressgateway"],
              "http": [{ "route": [{ "destination": { "host": "gateway", "port": { "number": 80 } } }] }]
            }
            """,
            Find("VirtualService", "istio-ingressgateway").Json["spec"]);
        AssertJson(
            """
            {
              "selector": { "istio": "istio-ingressgateway" },
              "servers": [{ "port": { "number": 80, "name": "http", "protocol": "HTTP" }, "hosts": ["*"] }]
            }
            """,
            Find("Gateway", "istio-ingressgateway").Json["spec"]);
    }

    [Fact]
    public void AServiceWithSeveralPortsKeepsRequestsOnTheirPort()
    {
        var definition = With("tenant", service => service with
        {
            Ports = [.. service.Ports, new ServicePort("grpc", 9000, 9000, ServiceProtocol.Grpc), new ServicePort("tcp", 9100, 9100, ServiceProtocol.Tcp)],
        });
        var routes = Find(MeshRenderer.Render(definition, Options), "VirtualService", "tenant").Json["spec"]!["http"]!.AsArray();
        Assert.Equal([80, 9000], routes.Select(route => (int)route!["match"]![0]!["port"]!));
        Assert.Equal([80, 9000], routes.Select(route => (int)route!["route"]![0]!["destination"]!["port"]!["number"]!));
    }

    [Fact]
    public void NoRetriesAreSaidSo()
    {
        var definition = With("tenant", service => service with { Retries = new RetryPolicy { Attempts = 0 } });
        AssertJson(
            """{ "attempts": 0 }""",
            Find(MeshRenderer.Render(definition, Options), "VirtualService", "tenant").Json["spec"]!["http"]![0]!["retries"]);
    }

    [Fact]
    public void GatewaysAreInjectedByTheRevisionAndNotTheOperators()
    {
        var template = Find("Deployment", "istio-ingressgateway").Json["spec"]!["template"]!;
        AssertJson(
            """{ "istio": "istio-ingressgateway", "sidecar.istio.io/inject": "true", "istio.io/rev": "1-30-3" }""", template["metadata"]!["labels"]);
        Assert.Equal("gateway", (string?)template["metadata"]!["annotations"]!["inject.istio.io/templates"]);
        Assert.Equal("auto", (string?)template["spec"]!["containers"]![0]!["image"]);
        Assert.Null(Find("Deployment", "istio-ingressgateway").Json["spec"]!["replicas"]);
        Assert.All(VoiceCore.Objects, item => Assert.Null(item.Object.Label("operator.istio.io/component")));
        Assert.Equal(
            ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service", "ServiceAccount"],
            VoiceCore.Objects.Where(item => item.Role == ManifestRole.Gateway && item.Object.Name == "istio-ingressgateway").Select(item => item.Object.Kind).Order());
    }

    [Fact]
    public void AGatewayMayReadSecretsOnlyWhereItHasACertificate()
    {
        Assert.DoesNotContain(VoiceCore.Objects, item => item.Object.Kind == "Role");
        var definition = MeshDefinitionFile.VoiceCore with
        {
            Ingress = MeshDefinitionFile.VoiceCore.Ingress! with
            {
                Ports = [new GatewayPort { Name = "https", Port = 443, Protocol = ServiceProtocol.Https, CredentialName = "tls" }],
            },
        };
        var mesh = MeshRenderer.Render(definition, Options);
        Assert.Single(mesh.Objects, item => item.Object.Kind == "Role");
        AssertJson(
            """{ "mode": "SIMPLE", "credentialName": "tls" }""",
            Find(mesh, "Gateway", "istio-ingressgateway").Json["spec"]!["servers"]![0]!["tls"]);
    }

    [Fact]
    public void AnAutoscalerOwnsTheNumberOfReplicas()
    {
        Assert.Null(Find("Deployment", "tenant").Json["spec"]!["replicas"]);
        Assert.Equal(2, (int?)Find("HorizontalPodAutoscaler", "tenant").Json["spec"]!["minReplicas"]);

        var mesh = MeshRenderer.Render(With("tenant", service => service with { Replicas = new ReplicaRange(4, 4) }), Options);
        Assert.Equal(4, (int?)Find(mesh, "Deployment", "tenant").Json["spec"]!["replicas"]);
        Assert.DoesNotContain(mesh.Objects, item => item.Object is { Kind: "HorizontalPodAutoscaler", Name: "tenant" });
    }

    [Fact]
    public void PortsSayTheirProtocol() =>
        AssertJson(
            """[{ "name": "http", "port": 80, "targetPort": 8080, "appProtocol": "http" }]""",
            Find("Service", "tenant").Json["spec"]!["ports"]);

    [Fact]
    public void WritesTheApiVersionsThatAreServed()
    {
        var mesh = MeshRenderer.Render(MeshDefinitionFile.VoiceCore, Options with { ApiVersions = IstioApiVersions.Common });
        Assert.Equal(
            // EnvoyFilter has no other version.
            ["networking.istio.io/v1alpha3", "networking.istio.io/v1beta1", "security.istio.io/v1beta1", "telemetry.istio.io/v1alpha1"],
            mesh.Objects.Select(item => item.Object.ApiVersion).Where(version => version.Contains("istio.io/", StringComparison.Ordinal) && !version.StartsWith("install", StringComparison.Ordinal)).Distinct().Order());
    }

    [Theory]
    [InlineData("1.30.3")]
    [InlineData("Canary")]
    [InlineData("")]
    public void RefusesANameThatIsNoRevision(string revision) =>
        Assert.Equal("RevisionInvalid", Assert.Throws<MeshException>(() => MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = revision })).Id);

    [Fact]
    public void RefusesADefinitionThatContradictsItself() =>
        Assert.Equal(
            "DefinitionContradictory",
            Assert.Throws<MeshException>(() => MeshRenderer.Render(MeshDefinitionFile.VoiceCore with { Namespaces = [] }, Options)).Id);

    [Fact]
    public void TheSameDefinitionGivesTheSameText() =>
        MeshDefinitions.All.Sample(definition =>
            Assert.Equal(
                MeshRenderer.Render(definition, Options).Files.Select(RenderedText.Of),
                MeshRenderer.Render(definition with { }, Options).Files.Select(RenderedText.Of)));

    [Fact]
    public void WhateverIsAskedWhatIsRenderedWorks() =>
        MeshDefinitions.All.Sample(definition =>
        {
            foreach (var item in MeshRenderer.Render(definition, Options).Objects)
            {
                var spec = item.Object.Json["spec"];
                if (item.Object.Kind == "DestinationRule" && spec!["trafficPolicy"]!["outlierDetection"] is { } outlier)
                {
                    var replicas = definition.Services.Single(service => service.Name == item.Object.Name).Replicas.Minimum;
                    Assert.True(100.0 / replicas <= (int)outlier["maxEjectionPercent"]!);
                    Assert.True((int)spec["trafficPolicy"]!["connectionPool"]!["http"]!["http2MaxRequests"]! > 0);
                }

                if (item.Object.Kind != "VirtualService")
                    continue;
                foreach (var route in spec!["http"]!.AsArray())
                {
                    if (route!["timeout"] is { } timeout && route["retries"]?["perTryTimeout"] is { } perTry)
                        Assert.True(((int)route["retries"]!["attempts"]! + 1) * Seconds(perTry) <= Seconds(timeout));
                }
            }
        });

    private static decimal Seconds(JsonNode node) =>
        decimal.Parse(((string)node!).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);

    private static MeshDefinition With(string name, Func<ServiceDefinition, ServiceDefinition> change) => MeshDefinitionFile.VoiceCore with
    {
        Services = [.. MeshDefinitionFile.VoiceCore.Services.Select(service => service.Name == name ? change(service) : service)],
    };

    private static KubernetesObject Find(string kind, string name, string? ns = null) => Find(VoiceCore, kind, name, ns);

    private static KubernetesObject Find(RenderedMesh mesh, string kind, string name, string? ns = null) =>
        Assert.Single(mesh.Objects, item => item.Object.Kind == kind && item.Object.Name == name && (ns is null || item.Object.Namespace == ns)).Object;

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
