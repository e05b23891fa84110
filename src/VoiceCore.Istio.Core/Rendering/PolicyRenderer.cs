using System.Globalization;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>Mutual TLS: one policy for the mesh, one for each service.</summary>
internal static class PolicyRenderer
{
    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options)
    {
        yield return PeerAuthentication(
            definition.Mesh.RootNamespace, "default", new JsonObject { ["mtls"] = Mode(definition.Mesh.Mtls) });

        foreach (var service in definition.Services)
        {
            yield return PeerAuthentication(definition.Namespace, service.Name, new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = service.Name } },
                ["mtls"] = Mode(service.Mtls ?? definition.Mesh.Mtls),
                ["portLevelMtls"] = service.PortMtls.Count == 0 ? null : new JsonObject(service.PortMtls.OrderBy(port => port.Key).Select(
                    port => KeyValuePair.Create<string, JsonNode?>(port.Key.ToString(CultureInfo.InvariantCulture), Mode(port.Value)))),
            });
        }

        RenderedObject PeerAuthentication(string ns, string name, JsonObject spec) =>
            manifest.Object(
                ManifestRole.Policy, $"security.istio.io/{options.ApiVersions.Security}", "PeerAuthentication", ns, name,
                new JsonObject { ["spec"] = spec });
    }

    private static JsonObject Mode(MtlsMode mode) => new() { ["mode"] = mode.Text() };
}
