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

    /// <summary>What is kept of an annotation that Istio cannot read either: that it cannot.</summary>
    internal const string Unreadable = "(unreadable)";

    /// <summary>What is kept of the annotation, as such an annotation; null for nothing.</summary>
    internal static string? Kept(string yaml)
    {
        if (!TryRead(yaml, out var type))
            return Unreadable;
        return string.IsNullOrEmpty(type) ? null : $"{{\"image\":{{\"imageType\":{JsonSerializer.Serialize(type)}}}}}";
    }

    /// <summary>The kind of the image that the annotation asks for; null where it says nothing of it, or cannot be read.</summary>
    internal static string? ImageType(string yaml) => TryRead(yaml, out var type) ? type : null;

    // An empty text says nothing, which is no mistake (protomarshal.ApplyYAML of Istio).
    private static bool TryRead(string yaml, out string? imageType)
    {
        imageType = null;
        try
        {
            if (!new YamlDocuments(Encoding.UTF8.GetBytes(yaml)).Next(out var json))
                return true;
            var settings = JsonTree.Parse(json.Span);
            if (settings.ValueKind == JsonValueKind.Object)
                imageType = settings.Field("image")?.Text("imageType");
            return settings.ValueKind is JsonValueKind.Object or JsonValueKind.Null;
        }
        catch (Exception error) when (error is YamlException or JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
