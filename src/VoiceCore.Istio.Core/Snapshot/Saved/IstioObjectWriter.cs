using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// Writes objects of Istio's API with their <c>spec</c> as it was read, keys in ordinal order. Left out is what no rule reads and what
/// people put secrets into: headers that routes add, filters of Gateway API routes, texts of direct responses, keys of token issuers, patches of EnvoyFilters,
/// configuration and environment of plugins and proxies, probes.
/// </summary>
internal static class IstioObjectWriter
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    // Of an environment Istio's own settings are kept, and of a patch the name of the filter that it brings along.
    private const string ProxyEnvironment = "ProxyConfig.environmentVariables";
    private const string Patch = "EnvoyFilter.configPatches.patch.value";

    private static readonly HashSet<string> LeftOut =
    [
        "GRPCRoute.rules.backendRefs.filters",
        "GRPCRoute.rules.filters",
        "HTTPRoute.rules.backendRefs.filters",
        "HTTPRoute.rules.filters",
        "RequestAuthentication.jwtRules.jwks",
        "VirtualService.http.directResponse.body",
        "VirtualService.http.headers",
        "VirtualService.http.route.headers",
        "WasmPlugin.pluginConfig",
        "WasmPlugin.vmConfig",
        "WorkloadGroup.probe",
    ];

    internal static void Write(Utf8JsonWriter json, IstioObject item)
    {
        json.Begin(item.ApiVersion, item.Kind, item);
        if (!item.Spec.IsEmpty)
        {
            using var spec = JsonDocument.Parse(item.Spec, Options);
            json.WritePropertyName("spec"u8);
            Write(json, spec.RootElement, item.Kind);
        }

        json.Status(item);

        json.WriteEndObject();
    }

    // Items of a list have the path of the list.
    private static void Write(Utf8JsonWriter json, JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                // Of a key that comes twice the last value counts, as for every reader.
                foreach (var property in value.EnumerateObject().GroupBy(property => property.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
                {
                    var below = $"{path}.{property.Key}";
                    if (IsLeftOut(path, property.Key, below))
                        continue;
                    json.WritePropertyName(property.Key);
                    Write(json, property.Last().Value, below);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(json, item, path);
                json.WriteEndArray();
                break;
            // YAML and JSON write the same number in several ways.
            case JsonValueKind.Number when value.TryGetInt64(out var number):
                json.WriteNumberValue(number);
                break;
            case JsonValueKind.Number when value.TryGetDouble(out var fraction) && double.IsFinite(fraction):
                json.WriteNumberValue(fraction);
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static bool IsLeftOut(string path, string key, string below) => path switch
    {
        ProxyEnvironment => !key.StartsWith("ISTIO_", StringComparison.Ordinal),
        Patch => key != "name",
        _ => LeftOut.Contains(below),
    };
}
