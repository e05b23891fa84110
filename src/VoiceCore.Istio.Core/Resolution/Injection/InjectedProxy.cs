using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a running pod tells of its proxy.</summary>
internal static class InjectedProxy
{
    /// <summary>
    /// The revision that injected the pod; null without a sidecar. Pods have no label <c>istio.io/rev</c>: the injector writes it as an
    /// annotation, and into the annotation <c>sidecar.istio.io/status</c>.
    /// </summary>
    internal static string? Revision(PodRecord pod) => pod.Annotations[IstioNames.Revision] ?? StatusRevision(pod.Annotations[IstioNames.SidecarStatus]);

    /// <summary>The tag of the proxy's image, such as <c>1.30.3</c>; null without a proxy or where the image has no tag.</summary>
    internal static string? Version(PodRecord pod) => Tag(pod.Proxy?.Image);

    /// <summary>The tag of an image; null where it has none.</summary>
    internal static string? Tag(string? image)
    {
        var name = image?.Split('@')[0] ?? "";
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
    }

    private static string? StatusRevision(string? status)
    {
        if (status is null)
            return null;
        try
        {
            using var document = JsonDocument.Parse(status);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("revision", out var revision) && revision.ValueKind == JsonValueKind.String
                ? revision.GetString()
                : null;
        }
        catch (JsonException)
        {
            // Anyone can write an annotation; what is no JSON says nothing.
            return null;
        }
    }
}
