using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads Deployments straight from JSON tokens.</summary>
internal static class DeploymentReader
{
    /// <summary>Called with the reader at the object's start; leaves it at its end.</summary>
    internal static DeploymentRecord Read(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var template = ObjectMetadata.None;
        var pod = new PodFields { Containers = [], Settings = [] };
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("spec"u8))
                template = ReadTemplate(ref reader, pool, ref pod);
            else
                reader.Skip();
        }

        var @namespace = metadata.NamespaceOr(defaultNamespace);
        return new DeploymentRecord
        {
            Namespace = @namespace,
            Name = metadata.Name,
            Created = metadata.Created,
            Labels = metadata.Labels,
            Annotations = metadata.Annotations,
            Template = PodReader.Record(metadata.Name, @namespace, template, pod),
            Settings = LabelSet.Create(pod.Settings!),
        };
    }

    private static ObjectMetadata ReadTemplate(ref Utf8JsonReader reader, StringPool pool, ref PodFields pod)
    {
        var template = ObjectMetadata.None;
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (!reader.ValueTextEquals("template"u8))
            {
                reader.Skip();
                continue;
            }

            var insideTemplate = reader.EnterObject();
            while (insideTemplate && reader.NextProperty())
            {
                if (reader.ValueTextEquals("metadata"u8))
                    template = ObjectMetadata.Read(ref reader, pool);
                else if (reader.ValueTextEquals("spec"u8))
                    PodReader.ReadSpec(ref reader, pool, ref pod);
                else
                    reader.Skip();
            }
        }

        return template;
    }
}
