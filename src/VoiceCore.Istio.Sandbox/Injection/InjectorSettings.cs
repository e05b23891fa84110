using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Snapshot.Reading;
using VoiceCore.Istio.Sandbox.Storage;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Sandbox.Injection;

/// <summary>What the injector of one istiod goes by: the ConfigMaps of its revision.</summary>
/// <param name="Revision">istiod's revision.</param>
/// <param name="Namespace">istiod's namespace.</param>
/// <param name="Image">The proxy's image.</param>
/// <param name="IsNative">True where the sidecar is an init container that keeps running: the default since Istio 1.27.</param>
/// <param name="Resources">The resources of the proxy.</param>
/// <param name="MeshConfig">Settings of the mesh.</param>
internal sealed record InjectorSettings(string Revision, string Namespace, string Image, bool IsNative, JsonObject Resources, JsonObject MeshConfig)
{
    private static readonly IstioVersion FirstNative = new(1, 27, 0, "1.27.0");

    /// <summary>Reads the ConfigMaps <c>istio-sidecar-injector</c> and <c>istio</c> of a revision.</summary>
    internal static InjectorSettings Read(string revision, string ns, JsonObject injector, JsonObject mesh)
    {
        var global = Json(injector.Text("data", "values")).At("global");
        var tag = global.Text("tag") ?? "latest";
        return new InjectorSettings(
            revision,
            ns,
            $"{global.Text("hub")}/{global.Text("proxy", "image") ?? "proxyv2"}:{tag}",
            IstioVersion.TryParse(tag) is not { } version || version.CompareTo(FirstNative) >= 0,
            global.Map("proxy", "resources"),
            Yaml(mesh.Text("data", "mesh")));
    }

    /// <summary>The proxy's settings: the mesh's, overlaid by those of the pod's annotation <c>proxy.istio.io/config</c>.</summary>
    internal JsonObject ProxyConfig(string? annotation)
    {
        var config = (JsonObject)MeshConfig.Map("defaultConfig").DeepClone();
        foreach (var (key, value) in Yaml(annotation))
            config[key] = value?.DeepClone();
        return config;
    }

    private static JsonNode? Json(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Yaml(string? text)
    {
        var json = new ArrayBufferWriter<byte>();
        try
        {
            return text is not null && new YamlToJson(new StringReader(text)).Next(json) ? JsonNode.Parse(json.WrittenSpan) as JsonObject ?? [] : [];
        }
        catch (YamlException)
        {
            return [];
        }
    }
}
