using System.Text;
using System.Text.Json;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// A pod's own proxy config, annotation <c>proxy.istio.io/config</c>. Of it only the kind of the image is kept: the rest holds environment variables.
/// </summary>
internal static class ProxySettings
{
    internal const string Annotation = "proxy.istio.io/config";

    /// <summary>What is kept of the annotation, as such an annotation; null for nothing.</summary>
    internal static string? Kept(string yaml) => ImageType(yaml) is { Length: > 0 } type ? $"{{\"image\":{{\"imageType\":{JsonSerializer.Serialize(type)}}}}}" : null;

    /// <summary>The kind of the image that the annotation asks for; null where it says nothing of it, or is no YAML.</summary>
    internal static string? ImageType(string yaml)
    {
        try
        {
            if (!new YamlDocuments(Encoding.UTF8.GetBytes(yaml)).Next(out var json))
                return null;
            var settings = JsonTree.Parse(json.Span);
            return settings.ValueKind == JsonValueKind.Object ? settings.Field("image")?.Text("imageType") : null;
        }
        catch (Exception error) when (error is YamlException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
