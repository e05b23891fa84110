using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Zero trust in the services' namespace: a policy that allows nothing, and for each workload one that allows what the definition lists.
/// ALLOW policies add up, so that the namespace's own denies only what no other allows.
/// Source: Istio's <c>AuthorizationPolicy</c> reference, "allow nothing".
/// </summary>
internal static class ZeroTrustRenderer
{
    /// <summary>The name of the policy without rules.</summary>
    internal const string AllowNothing = "allow-nothing";

    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        if (!(definition.ZeroTrust?.Mode).IsOn())
            yield break;

        yield return Policy(definition.Namespace, AllowNothing, []);
        var dependencies = MeshDependency.Of(definition).ToLookup(dependency => dependency.Service);
        foreach (var service in definition.Services)
        {
            yield return Policy(
                definition.Namespace,
                service.Name,
                Spec(new JsonObject { ["app"] = service.Name }, dependencies[service.Name].GroupBy(dependency => dependency.Purpose).Select(group => Rule(group, service))));
        }

        // A gateway among the services is under the namespace's policy too: everybody outside may call it.
        foreach (var gateway in definition.Gateways.Where(gateway => gateway.Namespace == definition.Namespace))
            yield return Policy(gateway.Namespace, gateway.Name, Spec(GatewayRenderer.Selector(gateway), [[]]));

        foreach (var (workload, caller, port) in RateLimitServiceRenderer.Access(definition))
            yield return Policy(definition.Namespace, workload, Spec(new JsonObject { ["app"] = workload }, [Rule([caller], [port])]));

        RenderedObject Policy(string ns, string name, JsonObject spec) => manifest.Object(
            ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "AuthorizationPolicy", ns, name,
            new JsonObject { ["spec"] = spec }, annotations: DryRun(definition.ZeroTrust!.Mode));
    }

    internal static JsonObject? DryRun(EnforcementMode mode) =>
        mode == EnforcementMode.Shadow ? new JsonObject { [IstioNames.DryRun] = "true" } : null;

    private static JsonObject Spec(JsonObject labels, IEnumerable<JsonObject> rules) => new()
    {
        ["selector"] = new JsonObject { ["matchLabels"] = labels },
        ["rules"] = new JsonArray([.. rules]) is { Count: > 0 } list ? list : null,
    };

    private static JsonObject Rule(IGrouping<DependencyPurpose, MeshDependency> dependencies, ServiceDefinition service)
    {
        var rule = Rule(dependencies.Select(dependency => dependency.Principal).Distinct(), dependencies.First().Ports);
        // Method and path exist only where the sidecar sees HTTP; on another port such a rule would allow nothing.
        if (dependencies.Key == DependencyPurpose.Observation
            && service.Ports.Any(port => port.TargetPort == service.Metrics!.Port && port.Protocol.IsHttp()))
        {
            var operation = rule["to"]![0]!["operation"]!.AsObject();
            operation["methods"] = new JsonArray("GET");
            operation["paths"] = new JsonArray(service.Metrics!.Path);
        }

        return rule;
    }

    private static JsonObject Rule(IEnumerable<string> principals, IEnumerable<int> ports) => new()
    {
        ["from"] = new JsonArray(new JsonObject
        {
            ["source"] = new JsonObject { ["principals"] = new JsonArray([.. principals.Select(principal => JsonValue.Create(principal))]) },
        }),
        ["to"] = new JsonArray(new JsonObject
        {
            ["operation"] = new JsonObject
            {
                ["ports"] = new JsonArray([.. ports.Select(port => JsonValue.Create(port.ToString(CultureInfo.InvariantCulture)))]),
            },
        }),
    };
}
