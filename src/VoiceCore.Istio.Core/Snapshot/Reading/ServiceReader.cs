using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads Services straight from JSON tokens.</summary>
internal static class ServiceReader
{
    /// <summary>Called with the reader at the object's start; leaves it at its end.</summary>
    internal static ServiceRecord Read(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var service = default(ServiceFields);
        IReadOnlyList<ObjectCondition> conditions = [];
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("spec"u8))
                service = ReadSpec(ref reader, pool);
            else if (reader.ValueTextEquals("status"u8))
                conditions = ConditionReader.ReadStatus(ref reader, pool);
            else
                reader.Skip();
        }

        return new ServiceRecord
        {
            Namespace = metadata.NamespaceOr(defaultNamespace),
            Name = metadata.Name,
            Created = metadata.Created,
            Labels = metadata.Labels,
            Annotations = metadata.Annotations,
            Conditions = conditions,
            ExportTo = ExportTo(metadata.Annotations[IstioNames.ExportTo], pool),
            Type = service.Type ?? "ClusterIP",
            ClusterIP = service.ClusterIP ?? "",
            ExternalName = service.ExternalName ?? "",
            Ports = service.Ports ?? [],
            Selector = service.Selector ?? LabelSet.Empty,
            PublishNotReadyAddresses = service.PublishNotReady,
            NodeLocal = service.NodeLocal,
        };
    }

    private static ServiceFields ReadSpec(ref Utf8JsonReader reader, StringPool pool)
    {
        var service = default(ServiceFields);
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("type"u8))
                service.Type = reader.NextText(pool);
            else if (reader.ValueTextEquals("clusterIP"u8))
                service.ClusterIP = reader.NextText(pool);
            else if (reader.ValueTextEquals("externalName"u8))
                service.ExternalName = reader.NextText(pool);
            else if (reader.ValueTextEquals("selector"u8))
                service.Selector = reader.NextLabels(pool);
            else if (reader.ValueTextEquals("publishNotReadyAddresses"u8))
                service.PublishNotReady = reader.NextFlag();
            else if (reader.ValueTextEquals("internalTrafficPolicy"u8))
                service.NodeLocal = reader.NextText(pool) == "Local";
            else if (reader.ValueTextEquals("ports"u8))
                service.Ports = ReadPorts(ref reader, pool);
            else
                reader.Skip();
        }

        return service;
    }

    private static ServicePortRecord[] ReadPorts(ref Utf8JsonReader reader, StringPool pool)
    {
        var ports = new List<ServicePortRecord>();
        if (!reader.EnterArray())
            return [];
        while (reader.NextObject())
        {
            var (name, port, target, protocol, appProtocol) = ("", 0, "", "TCP", default(string));
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("port"u8))
                    port = reader.NextNumber();
                else if (reader.ValueTextEquals("targetPort"u8))
                    target = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("protocol"u8))
                    protocol = reader.NextText(pool) ?? "TCP";
                else if (reader.ValueTextEquals("appProtocol"u8))
                    appProtocol = reader.NextText(pool);
                else
                    reader.Skip();
            }

            ports.Add(new ServicePortRecord(name, port, target, protocol, appProtocol));
        }

        return ports.ToArray();
    }

    /// <summary>The namespaces of the annotation, which separates them with commas.</summary>
    internal static IReadOnlyList<string>? ExportTo(string? annotation, StringPool pool)
    {
        if (string.IsNullOrEmpty(annotation))
            return null;
        return Array.ConvertAll(annotation.Split(',', StringSplitOptions.TrimEntries), pool.Get);
    }

    private struct ServiceFields
    {
        internal string? Type;
        internal string? ClusterIP;
        internal string? ExternalName;
        internal ServicePortRecord[]? Ports;
        internal LabelSet? Selector;
        internal bool PublishNotReady;
        internal bool NodeLocal;
    }
}
