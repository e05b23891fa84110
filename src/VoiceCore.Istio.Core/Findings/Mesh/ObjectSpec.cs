using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>The <c>spec</c> of an object as it was read, for fields that records do not have.</summary>
internal static class ObjectSpec
{
    /// <summary>What <paramref name="read"/> makes of the spec; it must not keep any of the elements.</summary>
    internal static T Read<T>(IstioObject item, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(item.Spec.Length == 0 ? "{}"u8.ToArray() : item.Spec);
        return read(document.RootElement);
    }
}
