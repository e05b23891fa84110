using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// Tracing for the whole mesh: the one Telemetry without selector in the root namespace. The provider is named, because since Istio 1.22
/// there is none by default and nothing would be traced.
/// </summary>
internal static class TelemetryRenderer
{
    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        if (definition.Mesh.Tracing is not { } tracing)
            yield break;

        yield return manifest.Object(
            ManifestRole.Policy, $"telemetry.istio.io/{options.ApiVersions.Telemetry}", "Telemetry",
            definition.Mesh.RootNamespace, "mesh-default", new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["tracing"] = new JsonArray(new JsonObject
                    {
                        ["providers"] = new JsonArray(new JsonObject { ["name"] = tracing.Provider }),
                        ["randomSamplingPercentage"] = tracing.SamplingPercentage,
                    }),
                },
            });
    }
}
