using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads Pods straight from JSON tokens.</summary>
internal static class PodReader
{
    /// <summary>Called with the reader at the object's start; leaves it at its end.</summary>
    internal static PodRecord Read(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var pod = new PodFields { Containers = [] };
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("spec"u8))
                ReadSpec(ref reader, pool, ref pod);
            else if (reader.ValueTextEquals("status"u8))
                ReadStatus(ref reader, pool, ref pod);
            else
                reader.Skip();
        }

        return Record(metadata.Name, metadata.NamespaceOr(defaultNamespace), metadata, pod);
    }

    /// <summary>The record of what was read.</summary>
    internal static PodRecord Record(string name, string @namespace, ObjectMetadata metadata, PodFields pod) => new()
    {
        Namespace = @namespace,
        Name = name,
        Created = metadata.Created,
        Labels = metadata.Labels,
        Annotations = metadata.Annotations,
        Owner = metadata.Owner,
        ServiceAccount = pod.ServiceAccount is { Length: > 0 } account ? account : "default",
        Node = pod.Node ?? "",
        HostNetwork = pod.HostNetwork,
        RunAsUser = pod.RunAsUser,
        IP = pod.IP ?? "",
        Phase = pod.Phase ?? "",
        Ready = pod.Ready,
        Containers = pod.Containers.ToArray(),
    };

    /// <summary>Reads the current property's value, a spec of pods.</summary>
    internal static void ReadSpec(ref Utf8JsonReader reader, StringPool pool, ref PodFields pod)
    {
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("serviceAccountName"u8))
                pod.ServiceAccount = reader.NextText(pool);
            else if (reader.ValueTextEquals("nodeName"u8))
                pod.Node = reader.NextText(pool);
            else if (reader.ValueTextEquals("hostNetwork"u8))
                pod.HostNetwork = reader.NextFlag();
            else if (reader.ValueTextEquals("securityContext"u8))
                pod.RunAsUser = ContainerReader.ReadUser(ref reader);
            else if (reader.ValueTextEquals("containers"u8))
                ContainerReader.Read(ref reader, pool, isInit: false, ref pod);
            else if (reader.ValueTextEquals("initContainers"u8))
                ContainerReader.Read(ref reader, pool, isInit: true, ref pod);
            else
                reader.Skip();
        }
    }

    private static void ReadStatus(ref Utf8JsonReader reader, StringPool pool, ref PodFields pod)
    {
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("phase"u8))
                pod.Phase = reader.NextText(pool);
            else if (reader.ValueTextEquals("podIP"u8))
                pod.IP = reader.NextText(pool);
            else if (reader.ValueTextEquals("conditions"u8))
                pod.Ready = ReadReady(ref reader, pool);
            else
                reader.Skip();
        }
    }

    private static bool ReadReady(ref Utf8JsonReader reader, StringPool pool)
    {
        var isReady = false;
        if (!reader.EnterArray())
            return isReady;
        while (reader.NextObject())
        {
            var (type, status) = ("", "");
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("type"u8))
                    type = reader.NextText(pool);
                else if (reader.ValueTextEquals("status"u8))
                    status = reader.NextText(pool);
                else
                    reader.Skip();
            }

            isReady |= type == "Ready" && status == "True";
        }

        return isReady;
    }
}
