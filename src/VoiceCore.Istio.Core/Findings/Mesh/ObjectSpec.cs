using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings.Mesh;

/// <summary>The <c>spec</c> of an object as it was read, for fields that records do not have.</summary>
internal static class ObjectSpec
{
    /// <summary>What <paramref name="read"/> makes of the spec.</summary>
    /// <exception cref="MeshException"><c>SnapshotObjectInvalid</c>: a field holds what it cannot hold; no API server would have taken it.</exception>
    internal static T Read<T>(IstioObject item, Func<JsonTree, T> read)
    {
        try
        {
            return read(item.Spec.IsEmpty ? JsonTree.Empty : JsonTree.Parse(item.Spec.Span));
        }
        catch (FormatException error)
        {
            throw SnapshotErrors.ObjectInvalid(item.Source ?? item.Namespace, item.ToString(), error);
        }
    }
}
