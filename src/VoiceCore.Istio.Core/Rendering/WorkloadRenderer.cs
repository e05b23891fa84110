using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>The product's services. They belong to their teams: rendered always, applied only on request.</summary>
internal static class WorkloadRenderer
{
    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest) =>
        definition.Services.SelectMany(service => Render(service, definition, manifest));

    private static IEnumerable<RenderedObject> Render(ServiceDefinition service, MeshDefinition definition, Manifest manifest)
    {
        yield return Object("v1", "ServiceAccount", service.ServiceAccount, []);
        yield return Object("v1", "Service", service.Name, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["selector"] = Selector(service),
                ["ports"] = new JsonArray([.. service.Ports.Select(port => new JsonObject
                {
                    ["name"] = port.Name,
                    ["port"] = port.Port,
                    ["targetPort"] = port.TargetPort,
                    ["appProtocol"] = port.Protocol.AppProtocol(),
                })]),
            },
        });
        yield return Object("apps/v1", "Deployment", service.Name, new JsonObject { ["spec"] = DeploymentSpec(service, definition) });
        if (manifest.Autoscaler(ManifestRole.Workload, definition.Namespace, service.Name, service.Replicas, Selector(service)) is { } autoscaler)
            yield return autoscaler;

        RenderedObject Object(string apiVersion, string kind, string name, JsonObject body) =>
            manifest.Object(ManifestRole.Workload, apiVersion, kind, definition.Namespace, name, body, Selector(service));
    }

    private static JsonObject Selector(ServiceDefinition service) => new() { ["app"] = service.Name };

    private static JsonObject DeploymentSpec(ServiceDefinition service, MeshDefinition definition) => new()
    {
        ["replicas"] = Manifest.FixedReplicas(service.Replicas),
        ["selector"] = new JsonObject { ["matchLabels"] = Selector(service) },
        ["template"] = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["app"] = service.Name, ["version"] = service.Version },
                ["annotations"] = service.Metrics is null ? null : new JsonObject
                {
                    ["prometheus.io/scrape"] = "true",
                    ["prometheus.io/port"] = service.Metrics.Port.ToString(CultureInfo.InvariantCulture),
                    ["prometheus.io/path"] = service.Metrics.Path,
                },
            },
            ["spec"] = new JsonObject
            {
                ["serviceAccountName"] = service.ServiceAccount,
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = service.Name,
                    ["image"] = definition.ImageOf(service),
                    ["ports"] = new JsonArray([.. service.Ports.Select(port => new JsonObject
                    {
                        ["name"] = port.Name,
                        ["containerPort"] = port.TargetPort,
                    })]),
                    ["livenessProbe"] = Probe(service.Health, health => health.Liveness),
                    ["readinessProbe"] = Probe(service.Health, health => health.Readiness),
                    ["resources"] = Manifest.Resources(service.Resources),
                }),
            },
        },
    };

    private static JsonObject? Probe(HealthEndpoint? health, Func<HealthEndpoint, string> path) => health is null ? null : new JsonObject
    {
        ["httpGet"] = new JsonObject { ["path"] = path(health), ["port"] = health.Port },
    };
}
