using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Envoy's rate limit service, which counts the quotas, and a Redis for it where the definition names none.
/// Form: Istio's <c>samples/ratelimit/rate-limit-service.yaml</c>; variables: https://github.com/envoyproxy/ratelimit.
/// </summary>
internal static class RateLimitServiceRenderer
{
    internal const string Name = "rate-limit";
    internal const int Port = 8081;

    private const string Redis = "rate-limit-redis";
    private const string Configuration = "rate-limit-config";
    private const int RedisPort = 6379;
    private const int HealthPort = 8080;

    // Neither program needs root. 999 is the user of the Redis image, whose entry point would otherwise change to it and need the right to.
    private const int ServiceUser = 65532;
    private const int RedisUser = 999;

    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest)
    {
        if (QuotasOf(definition) is not { } quotas)
            yield break;

        yield return Object("v1", "ConfigMap", Configuration, Name, new JsonObject
        {
            ["data"] = new JsonObject { ["config.yaml"] = YamlWriter.Write(QuotaRequest.ServiceConfiguration(definition).WithoutNulls()) },
        });
        foreach (var item in Workload(Name, "grpc", Port, "grpc", Container(quotas), Volumes()))
            yield return item;
        if (quotas.RedisAddress is not null)
            yield break;
        foreach (var item in Workload(Redis, "tcp-redis", RedisPort, "tcp", RedisContainer(quotas), volumes: null))
            yield return item;

        IEnumerable<RenderedObject> Workload(string name, string portName, int port, string protocol, JsonObject container, JsonArray? volumes) =>
        [
            Object("v1", "ServiceAccount", name, name, []),
            Object("v1", "Service", name, name, new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["selector"] = new JsonObject { ["app"] = name },
                    ["ports"] = new JsonArray(new JsonObject { ["name"] = portName, ["port"] = port, ["targetPort"] = port, ["appProtocol"] = protocol }),
                },
            }),
            Object("apps/v1", "Deployment", name, name, new JsonObject { ["spec"] = Deployment(name, container, volumes) }),
        ];

        RenderedObject Object(string apiVersion, string kind, string name, string app, JsonObject body) =>
            manifest.Object(ManifestRole.Gateway, apiVersion, kind, definition.Namespace, name, body, new JsonObject { ["app"] = app });
    }

    /// <summary>Who reaches what of it: workload, principal of the caller, port.</summary>
    internal static IEnumerable<(string Workload, string Caller, int Port)> Access(MeshDefinition definition)
    {
        if (QuotasOf(definition) is not { } quotas)
            yield break;
        yield return (Name, MeshDependency.PrincipalOf(ServiceDefinition.IngressCaller, definition), Port);
        if (quotas.RedisAddress is null)
            yield return (Redis, MeshDependency.PrincipalOf($"{definition.Namespace}/{Name}", definition), RedisPort);
    }

    private static QuotaSettings? QuotasOf(MeshDefinition definition) => (definition.RateLimits?.Mode).IsOn() ? definition.RateLimits!.Quotas : null;

    private static JsonObject Deployment(string name, JsonObject container, JsonArray? volumes) => new()
    {
        ["replicas"] = 1,
        ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
        ["template"] = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
            ["spec"] = new JsonObject { ["serviceAccountName"] = name, ["containers"] = new JsonArray(container), ["volumes"] = volumes },
        },
    };

    private static JsonObject Container(QuotaSettings quotas) => new()
    {
        ["name"] = Name,
        ["image"] = quotas.Image,
        ["command"] = new JsonArray("/bin/ratelimit"),
        ["env"] = Variables(
            ("REDIS_SOCKET_TYPE", "tcp"),
            ("REDIS_URL", quotas.RedisAddress ?? string.Create(CultureInfo.InvariantCulture, $"{Redis}:{RedisPort}")),
            ("USE_STATSD", "false"),
            ("RUNTIME_ROOT", "/data"),
            ("RUNTIME_SUBDIRECTORY", "ratelimit"),
            ("RUNTIME_WATCH_ROOT", "false"),
            // A mounted ConfigMap holds its files behind links whose names begin with a dot.
            ("RUNTIME_IGNOREDOTFILES", "true")),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "grpc", ["containerPort"] = Port }),
        ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/healthcheck", ["port"] = HealthPort } },
        ["resources"] = Manifest.Resources(new ResourceRequirements { CpuRequest = "50m", MemoryRequest = "64Mi", MemoryLimit = "256Mi" }),
        ["securityContext"] = Restricted(ServiceUser),
        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "config", ["mountPath"] = "/data/ratelimit/config" }),
    };

    private static JsonArray Volumes() =>
        [new JsonObject { ["name"] = "config", ["configMap"] = new JsonObject { ["name"] = Configuration } }];

    private static JsonObject RedisContainer(QuotaSettings quotas) => new()
    {
        ["name"] = "redis",
        ["image"] = quotas.RedisImage,
        // Nothing is written to disk: counts are worth nothing once their unit is over.
        ["args"] = new JsonArray("--save", "", "--appendonly", "no"),
        ["ports"] = new JsonArray(new JsonObject { ["name"] = "redis", ["containerPort"] = RedisPort }),
        ["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = RedisPort } },
        ["resources"] = Manifest.Resources(new ResourceRequirements { CpuRequest = "50m", MemoryRequest = "64Mi", MemoryLimit = "256Mi" }),
        ["securityContext"] = Restricted(RedisUser),
    };

    private static JsonObject Restricted(int user) => new()
    {
        ["runAsNonRoot"] = true,
        ["runAsUser"] = user,
        ["allowPrivilegeEscalation"] = false,
        ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
    };

    private static JsonArray Variables(params (string Name, string Value)[] variables) =>
        [.. variables.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value })];
}
