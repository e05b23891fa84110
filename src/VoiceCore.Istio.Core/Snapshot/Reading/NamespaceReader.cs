using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads Namespaces straight from JSON tokens.</summary>
internal static class NamespaceReader
{
    /// <summary>Called with the reader at the object's start; leaves it at its end.</summary>
    internal static NamespaceRecord Read(ref Utf8JsonReader reader, StringPool pool)
    {
        var metadata = ObjectMetadata.None;
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else
                reader.Skip();
        }

        return new NamespaceRecord { Namespace = "", Name = metadata.Name, Created = metadata.Created, Labels = metadata.Labels, Annotations = metadata.Annotations };
    }
}
