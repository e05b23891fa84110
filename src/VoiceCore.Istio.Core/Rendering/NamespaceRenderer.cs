using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Rendering;

/// <summary>
/// The namespaces. An injected one carries <c>istio.io/rev</c> and nothing else about injection: <c>istio-injection</c> beside it would win
/// whatever its value (Istio's <c>mutatingwebhook.yaml</c>). The others carry no injection label, so that a gateway's pod in them
/// can ask for injection by its own label.
/// </summary>
internal static class NamespaceRenderer
{
    internal static IEnumerable<RenderedObject> Render(MeshDefinition definition, Manifest manifest, RenderOptions options) =>
        definition.Namespaces.Select(ns => manifest.Object(
            ManifestRole.Namespace, "v1", "Namespace", null, ns.Name, [],
            new JsonObject { [IstioNames.Revision] = ns.Injection ? options.Revision : null }));
}
