using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>
/// Reads Namespaces, Services, EndpointSlices and Pods straight from JSON tokens, without a document in between.
/// Each method is called with the reader at the object's start and leaves it at its end.
/// </summary>
internal static class KubernetesObjectReader
{
    internal static NamespaceRecord ReadNamespace(ref Utf8JsonReader reader, StringPool pool)
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

    internal static ServiceRecord ReadService(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var service = default(ServiceFields);
        IReadOnlyList<ObjectCondition> conditions = [];
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("spec"u8))
                service = ReadServiceSpec(ref reader, pool);
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

    internal static EndpointSliceRecord ReadEndpointSlice(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
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
                ReadEndpointPorts(ref reader, pool, ports);
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

    internal static PodRecord ReadPod(ref Utf8JsonReader reader, StringPool pool, string defaultNamespace)
    {
        var metadata = ObjectMetadata.None;
        var pod = new PodFields { Containers = [] };
        while (reader.NextProperty())
        {
            if (reader.ValueTextEquals("metadata"u8))
                metadata = ObjectMetadata.Read(ref reader, pool);
            else if (reader.ValueTextEquals("spec"u8))
                ReadPodSpec(ref reader, pool, ref pod);
            else if (reader.ValueTextEquals("status"u8))
                ReadPodStatus(ref reader, pool, ref pod);
            else
                reader.Skip();
        }

        return Pod(metadata.Name, metadata.NamespaceOr(defaultNamespace), metadata, pod);
    }

    /// <summary>The record of what was read.</summary>
    internal static PodRecord Pod(string name, string @namespace, ObjectMetadata metadata, PodFields pod) => new()
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

    /// <summary>The namespaces of the annotation, which separates them with commas.</summary>
    internal static IReadOnlyList<string>? ExportTo(string? annotation, StringPool pool)
    {
        if (string.IsNullOrEmpty(annotation))
            return null;
        return Array.ConvertAll(annotation.Split(',', StringSplitOptions.TrimEntries), pool.Get);
    }

    private static ServiceFields ReadServiceSpec(ref Utf8JsonReader reader, StringPool pool)
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
                service.Ports = ReadServicePorts(ref reader, pool);
            else
                reader.Skip();
        }

        return service;
    }

    private static ServicePortRecord[] ReadServicePorts(ref Utf8JsonReader reader, StringPool pool)
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

    private static void ReadEndpointPorts(ref Utf8JsonReader reader, StringPool pool, List<EndpointPortRecord> ports)
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

    internal static void ReadPodSpec(ref Utf8JsonReader reader, StringPool pool, ref PodFields pod)
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

    private static void ReadPodStatus(ref Utf8JsonReader reader, StringPool pool, ref PodFields pod)
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
