using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>
/// A snapshot as a text, to compare two of them by everything that rules read: each property of each record, but not the files that the
/// objects came from and not their <c>spec</c> as it was written.
/// </summary>
internal static class SnapshotFields
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
    };

    internal static string Of(MeshSnapshot snapshot) => JsonSerializer.Serialize(snapshot, Options);

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(IstioObject)))
            return;
        for (var index = type.Properties.Count - 1; index >= 0; index--)
        {
            if (type.Properties[index].Name is nameof(IstioObject.Spec) or nameof(IstioObject.Source))
                type.Properties.RemoveAt(index);
        }
    }
}
