using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Reads EndpointSlices straight from JSON tokens.</summary>
internal static class EndpointSliceReader
{
    /// <summary>Called with the reader at the object's start; leaves it at its end.</summary>
    internal static EndpointSliceRecord Read(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var addressType = "IPv4";
        var ports = new List<EndpointPortRecord>();
        var endpoints = new List<EndpointRecord>();
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("addressType"u8))
                addressType = reader.NextText(pool) ?? "IPv4";
            else if (reader.ValueTextEquals("ports"u8))
                ReadPorts(ref reader, pool, ports);
            else if (reader.ValueTextEquals("endpoints"u8))
                ReadEndpoints(ref reader, pool, endpoints);
            else
                reader.Skip();
        }

        return new EndpointSliceRecord
        {
            Namespace = metadata.NamespaceOr(defaultNamespace),
            Name = metadata.Name,
            Created = metadata.Created,
            Labels = metadata.Labels,
            Service = metadata.Labels["kubernetes.io/service-name"] ?? "",
            AddressType = addressType,
            Ports = ports.ToArray(),
            Endpoints = endpoints.ToArray(),
        };
    }

    private static void ReadPorts(ref Utf8JsonReader reader, StringPool pool, List<EndpointPortRecord> ports)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            var (name, port) = ("", 0);
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("name"u8))
                    name = reader.NextText(pool) ?? "";
                else if (reader.ValueTextEquals("port"u8))
                    port = reader.NextNumber();
                else
                    reader.Skip();
            }

            ports.Add(new EndpointPortRecord(name, port));
        }
    }

    private static void ReadEndpoints(ref Utf8JsonReader reader, StringPool pool, List<EndpointRecord> endpoints)
    {
        if (!reader.EnterArray())
            return;
        while (reader.NextObject())
        {
            var (address, pod, ready, terminating, node, zone) = ("", default(string), true, false, default(string), default(string));
            while (reader.NextProperty())
            {
                if (reader.ValueTextEquals("addresses"u8))
                    address = ReadFirstText(ref reader, pool);
                else if (reader.ValueTextEquals("conditions"u8))
                    ReadConditions(ref reader, ref ready, ref terminating);
                else if (reader.ValueTextEquals("targetRef"u8))
                    pod = ReadPodReference(ref reader, pool);
                else if (reader.ValueTextEquals("nodeName"u8))
                    node = reader.NextText(pool);
                else if (reader.ValueTextEquals("zone"u8))
                    zone = reader.NextText(pool);
                else
                    reader.Skip();
            }

            endpoints.Add(new EndpointRecord(address, pod, ready, terminating, node, zone));
        }
    }

    private static string ReadFirstText(ref Utf8JsonReader reader, StringPool pool)
    {
        var first = "";
        if (!reader.EnterArray())
            return first;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var text = reader.CurrentText(pool) ?? "";
            first = first.Length == 0 ? text : first;
        }

        return first;
    }

    private static void ReadConditions(ref Utf8JsonReader reader, ref bool ready, ref bool terminating)
    {
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("ready"u8))
            {
                reader.Read();
                ready = reader.TokenType != JsonTokenType.False;
            }
            else if (reader.ValueTextEquals("terminating"u8))
            {
                terminating = reader.NextFlag();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static string? ReadPodReference(ref Utf8JsonReader reader, StringPool pool)
    {
        var (kind, name) = ("", default(string));
        var inside = reader.EnterObject();
        while (inside && reader.NextProperty())
        {
            if (reader.ValueTextEquals("kind"u8))
                kind = reader.NextText(pool);
            else if (reader.ValueTextEquals("name"u8))
                name = reader.NextText(pool);
            else
                reader.Skip();
        }

        return kind == "Pod" ? name : null;
    }
}
