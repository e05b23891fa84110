using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Writes a definition as the document that <see cref="MeshDefinitionReader"/> reads back to the same definition.</summary>
public static class MeshDefinitionWriter
{
    /// <summary>The document. What is not stated in the definition is not written.</summary>
    public static string Write(MeshDefinition definition) => YamlWriter.Write(Document(definition).WithoutNulls());

    private static JsonObject Document(MeshDefinition definition) => new()
    {
        ["apiVersion"] = MeshDefinition.ApiVersion,
        ["kind"] = MeshDefinition.Kind,
        ["product"] = definition.Product,
        ["namespace"] = definition.Namespace,
        ["namespaces"] = Named(definition.Namespaces, ns => ns.Name, ns => new JsonObject { ["injection"] = ns.Injection }),
        ["mesh"] = new JsonObject
        {
            ["trustDomain"] = definition.Mesh.TrustDomain,
            ["clusterDomain"] = definition.Mesh.ClusterDomain,
            ["rootNamespace"] = definition.Mesh.RootNamespace,
            ["mtls"] = definition.Mesh.Mtls.Text(),
            ["certificates"] = new JsonObject
            {
                ["lifetime"] = Duration(definition.Mesh.Certificates.Lifetime),
                ["rotateBefore"] = Duration(definition.Mesh.Certificates.RotateBefore),
                ["gracePeriod"] = Duration(definition.Mesh.Certificates.GracePeriod),
            },
            ["tracing"] = definition.Mesh.Tracing is not { } tracing ? null : new JsonObject
            {
                ["samplingPercentage"] = tracing.SamplingPercentage,
                ["provider"] = tracing.Provider,
                ["service"] = tracing.Service,
                ["port"] = tracing.Port,
            },
            ["accessLog"] = definition.Mesh.AccessLog is not { } log ? null : new JsonObject
            {
                ["file"] = log.File,
                ["encoding"] = log.Encoding.Text(),
            },
        },
        ["zeroTrust"] = RequirementWriter.ZeroTrust(definition.ZeroTrust),
        ["rateLimits"] = RequirementWriter.RateLimits(definition.RateLimits),
        ["alerts"] = RequirementWriter.Alerts(definition.Alerts),
        ["controlPlane"] = ControlPlane(definition.ControlPlane),
        ["images"] = definition.Images is { Registry: null, Tag: null } ? null : new JsonObject
        {
            ["registry"] = definition.Images.Registry,
            ["tag"] = definition.Images.Tag,
        },
        ["gateways"] = definition.Ingress is null && definition.Egress is null ? null : new JsonObject
        {
            ["ingress"] = Gateway(definition.Ingress),
            ["egress"] = Gateway(definition.Egress),
        },
        ["services"] = Named(definition.Services, service => service.Name, Service),
    };

    private static JsonObject ControlPlane(ControlPlaneDefinition controlPlane)
    {
        var json = WithReplicas(
            new JsonObject { ["namespace"] = controlPlane.Namespace, ["hub"] = controlPlane.Hub }, controlPlane.Replicas, controlPlane.Resources);
        json["settings"] = controlPlane.Settings.Count == 0 ? null : Named(
            controlPlane.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal), setting => setting.Key, setting => setting.Value);
        return json;
    }

    private static JsonObject? Gateway(GatewayDefinition? gateway)
    {
        if (gateway is null)
            return null;

        var json = WithReplicas(
            new JsonObject { ["name"] = gateway.Name, ["namespace"] = gateway.Namespace, ["serviceType"] = gateway.ServiceType },
            gateway.Replicas,
            gateway.Resources);
        json["ports"] = Named(gateway.Ports, port => port.Name, port => new JsonObject
        {
            ["port"] = port.Port,
            ["protocol"] = port.Protocol.Text(),
            ["credentialName"] = port.CredentialName,
            ["httpsRedirect"] = port.HttpsRedirect ? true : null,
        });
        json["hosts"] = Texts(gateway.Hosts);
        json["backend"] = gateway.Backend;
        return json;
    }

    private static JsonObject Service(ServiceDefinition service)
    {
        var json = WithReplicas(
            new JsonObject
            {
                ["serviceAccount"] = service.ServiceAccount,
                ["version"] = service.Version,
                ["image"] = service.Image,
                ["ports"] = Named(service.Ports, port => port.Name, port => new JsonObject
                {
                    ["port"] = port.Port,
                    ["targetPort"] = port.TargetPort,
                    ["protocol"] = port.Protocol.Text(),
                }),
            },
            service.Replicas,
            service.Resources);
        json["metrics"] = service.Metrics is not { } metrics ? null : new JsonObject { ["port"] = metrics.Port, ["path"] = metrics.Path };
        json["health"] = service.Health is not { } health ? null : new JsonObject
        {
            ["port"] = health.Port,
            ["liveness"] = health.Liveness,
            ["readiness"] = health.Readiness,
        };
        json["mtls"] = service.Mtls is null && service.PortMtls.Count == 0 ? null : new JsonObject
        {
            ["mode"] = service.Mtls?.Text(),
            ["ports"] = service.PortMtls.Count == 0 ? null : Named(
                service.PortMtls, port => port.Key.ToString(CultureInfo.InvariantCulture), port => port.Value.Text()),
        };
        json["loadBalancing"] = service.LoadBalancing.Text();
        json["localityFailover"] = service.LocalityFailover ? true : null;
        json["circuitBreaker"] = service.CircuitBreaker is not { } breaker ? null : new JsonObject
        {
            ["maxConnections"] = breaker.MaxConnections,
            ["maxPendingRequests"] = breaker.MaxPendingRequests,
            ["maxRequests"] = breaker.MaxRequests,
            ["consecutiveErrors"] = breaker.ConsecutiveErrors,
            ["interval"] = Duration(breaker.Interval),
            ["ejectionTime"] = Duration(breaker.EjectionTime),
            ["maxEjectionPercent"] = breaker.MaxEjectionPercent,
        };
        json["timeout"] = Duration(service.Timeout);
        json["retries"] = service.Retries is not { } retries ? null : new JsonObject
        {
            ["attempts"] = retries.Attempts,
            ["perTryTimeout"] = Duration(retries.PerTryTimeout),
            ["retryOn"] = Texts(retries.RetryOn),
        };
        json["rateLimit"] = RequirementWriter.RateLimit(service.RateLimit);
        json["latencyP99"] = Duration(service.LatencyP99);
        json["callers"] = Texts(service.Callers);
        return json;
    }

    private static JsonObject WithReplicas(JsonObject json, ReplicaRange replicas, ResourceRequirements resources)
    {
        json["replicas"] = replicas.IsAutoscaled ? null : replicas.Minimum;
        json["autoscaling"] = !replicas.IsAutoscaled ? null : new JsonObject
        {
            ["minReplicas"] = replicas.Minimum,
            ["maxReplicas"] = replicas.Maximum,
            ["targetCpuUtilization"] = replicas.TargetCpuUtilization,
        };
        json["resources"] = Resources(resources);
        return json;
    }

    private static JsonObject? Resources(ResourceRequirements resources)
    {
        var requests = Quantities(resources.CpuRequest, resources.MemoryRequest);
        var limits = Quantities(resources.CpuLimit, resources.MemoryLimit);
        return requests is null && limits is null ? null : new JsonObject { ["requests"] = requests, ["limits"] = limits };
    }

    private static JsonObject? Quantities(string? cpu, string? memory) =>
        cpu is null && memory is null ? null : new JsonObject { ["cpu"] = cpu, ["memory"] = memory };

    internal static JsonObject Named<T>(IEnumerable<T> items, Func<T, string> name, Func<T, JsonNode> part) =>
        new(items.Select(item => KeyValuePair.Create<string, JsonNode?>(name(item), part(item))));

    internal static JsonArray? Texts(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : new JsonArray([.. texts.Select(text => JsonValue.Create(text))]);

    internal static string? Duration(TimeSpan? duration) => duration is { } value ? MeshDuration.Format(value) : null;
}
