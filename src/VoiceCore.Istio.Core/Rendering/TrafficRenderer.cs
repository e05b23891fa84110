using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// How traffic goes: the ingress gateway's servers and route, one DestinationRule per service, one VirtualService per service that states
/// a time-out or retries. Hosts are short names: they lie in their own namespace and so hold under whatever cluster domain.
/// </summary>
internal static class TrafficRenderer
{
    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        var apiVersion = $"networking.istio.io/{options.ApiVersions.Networking}";

        if (definition.Ingress is { Backend: { } backend } ingress)
        {
            yield return Object("Gateway", ingress.Name, GatewaySpec(ingress));
            yield return Object("VirtualService", ingress.Name, new JsonObject
            {
                ["hosts"] = Strings(ingress.Hosts),
                ["gateways"] = Strings([ingress.Name]),
                ["http"] = Routes(definition.Services.First(service => service.Name == backend), onGateway: true),
            });
        }

        foreach (var service in definition.Services)
        {
            if (service.Timeout is not null || service.Retries is not null)
            {
                yield return Object("VirtualService", service.Name, new JsonObject
                {
                    ["hosts"] = Strings([service.Name]),
                    ["http"] = Routes(service, onGateway: false),
                });
            }

            yield return Object("DestinationRule", service.Name, new JsonObject
            {
                ["host"] = service.Name,
                ["trafficPolicy"] = TrafficPolicy(service),
            });
        }

        RenderedObject Object(string kind, string name, JsonObject spec) =>
            manifest.Object(ManifestRole.Traffic, apiVersion, kind, definition.Namespace, name, new JsonObject { ["spec"] = spec });
    }

    private static JsonObject GatewaySpec(GatewayDefinition gateway) => new()
    {
        ["selector"] = GatewayRenderer.Selector(gateway),
        ["servers"] = new JsonArray([.. gateway.Ports.Select(port => new JsonObject
        {
            ["port"] = new JsonObject { ["number"] = port.Port, ["name"] = port.Name, ["protocol"] = port.Protocol.Text() },
            ["hosts"] = Strings(gateway.Hosts),
            ["tls"] = port.CredentialName is not null
                ? new JsonObject { ["mode"] = "SIMPLE", ["credentialName"] = port.CredentialName }
                : port.HttpsRedirect ? new JsonObject { ["httpsRedirect"] = true } : null,
        })]),
    };

    // A service with several HTTP ports gets one route for each, so that a request keeps to the port that it came for;
    // a gateway sends everything to the first.
    private static JsonArray Routes(ServiceDefinition service, bool onGateway)
    {
        var ports = service.Ports.Where(port => port.Protocol.IsHttp()).ToList();
        var matched = !onGateway && ports.Count > 1;
        return new JsonArray([.. (onGateway ? ports.Take(1) : ports).Select(port => new JsonObject
        {
            ["match"] = matched ? new JsonArray(new JsonObject { ["port"] = port.Port }) : null,
            ["route"] = new JsonArray(new JsonObject
            {
                ["destination"] = new JsonObject
                {
                    ["host"] = service.Name,
                    ["port"] = new JsonObject { ["number"] = port.Port },
                },
            }),
            ["timeout"] = Seconds(service.Timeout),
            ["retries"] = service.Retries is null ? null : Retries(service.Retries, service.Timeout),
        })]);
    }

    private static JsonObject Retries(RetryPolicy retries, TimeSpan? timeout) =>
        retries.Attempts == 0
            ? new JsonObject { ["attempts"] = 0 }
            : new JsonObject
            {
                ["attempts"] = retries.Attempts,
                ["perTryTimeout"] = Seconds(retries.EffectivePerTryTimeout(timeout)),
                ["retryOn"] = string.Join(',', retries.RetryOn),
            };

    private static JsonObject TrafficPolicy(ServiceDefinition service)
    {
        var policy = new JsonObject
        {
            ["loadBalancer"] = new JsonObject
            {
                ["simple"] = service.LoadBalancing.Text(),
                // Outlier detection switches locality failover on: callers would keep to their own zone, and fewer hosts share the load.
                ["localityLbSetting"] = new JsonObject { ["enabled"] = service.LocalityFailover },
            },
        };
        if (service.CircuitBreaker is not { } breaker)
            return policy;

        policy["connectionPool"] = new JsonObject
        {
            ["tcp"] = new JsonObject { ["maxConnections"] = breaker.MaxConnections },
            ["http"] = new JsonObject
            {
                ["http1MaxPendingRequests"] = breaker.MaxPendingRequests,
                ["http2MaxRequests"] = breaker.EffectiveMaxRequests,
            },
        };
        policy["outlierDetection"] = new JsonObject
        {
            ["consecutive5xxErrors"] = breaker.ConsecutiveErrors,
            ["interval"] = Seconds(breaker.Interval),
            ["baseEjectionTime"] = Seconds(breaker.EjectionTime),
            ["maxEjectionPercent"] = breaker.EffectiveMaxEjectionPercent(service.Replicas.Minimum),
        };
        return policy;
    }

    private static string? Seconds(TimeSpan? duration) => duration is { } value ? MeshDuration.FormatSeconds(value) : null;

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
