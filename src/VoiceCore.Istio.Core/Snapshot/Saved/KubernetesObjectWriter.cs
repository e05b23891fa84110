using System.Globalization;
using System.Text.Json;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>Writes Namespaces, Services, EndpointSlices and CustomResourceDefinitions, each as its reader in Reading reads it.</summary>
internal static class KubernetesObjectWriter
{
    internal static void Write(Utf8JsonWriter json, NamespaceRecord record)
    {
        json.Begin("v1", "Namespace", record);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, ServiceRecord service)
    {
        json.Begin("v1", "Service", service);
        json.WriteStartObject("spec"u8);
        json.Text("clusterIP", service.ClusterIP);
        json.Text("externalName", service.ExternalName);
        json.Text("internalTrafficPolicy", service.NodeLocal ? "Local" : "");
        if (service.Ports.Count > 0)
        {
            json.WriteStartArray("ports"u8);
            foreach (var port in service.Ports)
                Write(json, port);
            json.WriteEndArray();
        }

        json.Flag("publishNotReadyAddresses", service.PublishNotReadyAddresses);
        json.Labels("selector", service.Selector);
        json.Text("type", service.Type, "ClusterIP");
        json.WriteEndObject();
        json.Status(service);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, EndpointSliceRecord slice)
    {
        json.Begin("discovery.k8s.io/v1", "EndpointSlice", slice);
        json.WriteString("addressType"u8, slice.AddressType);
        json.WriteStartArray("endpoints"u8);
        foreach (var endpoint in slice.Endpoints)
            Write(json, endpoint);
        json.WriteEndArray();
        json.WriteStartArray("ports"u8);
        foreach (var port in slice.Ports)
        {
            json.WriteStartObject();
            json.Text("name", port.Name);
            json.WriteNumber("port"u8, port.Port);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, CustomResourceRecord definition)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, "apiextensions.k8s.io/v1"u8);
        json.WriteString("kind"u8, "CustomResourceDefinition"u8);
        json.WriteStartObject("metadata"u8);
        if (definition.BundleVersion.Length > 0)
        {
            json.WriteStartObject("annotations"u8);
            json.WriteString(CustomResourceRecord.BundleAnnotation, definition.BundleVersion);
            json.WriteEndObject();
        }

        json.WriteString("name"u8, definition.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ServicePortRecord port)
    {
        json.WriteStartObject();
        json.Text("appProtocol", port.AppProtocol, otherwise: null);
        json.Text("name", port.Name);
        json.WriteNumber("port"u8, port.Port);
        json.Text("protocol", port.Protocol, "TCP");
        if (int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && port.TargetPort[0] != '0')
            json.WriteNumber("targetPort"u8, number);
        else
            json.Text("targetPort", port.TargetPort);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EndpointRecord endpoint)
    {
        json.WriteStartObject();
        json.WriteStartArray("addresses"u8);
        if (endpoint.Address.Length > 0)
            json.WriteStringValue(endpoint.Address);
        json.WriteEndArray();
        if (!endpoint.Ready || endpoint.Terminating)
        {
            json.WriteStartObject("conditions"u8);
            json.Flag("ready", endpoint.Ready, otherwise: true);
            json.Flag("terminating", endpoint.Terminating);
            json.WriteEndObject();
        }

        json.Text("nodeName", endpoint.Node, otherwise: null);
        if (endpoint.Pod is not null)
        {
            json.WriteStartObject("targetRef"u8);
            json.WriteString("kind"u8, "Pod"u8);
            json.WriteString("name"u8, endpoint.Pod);
            json.WriteEndObject();
        }

        json.Text("zone", endpoint.Zone, otherwise: null);
        json.WriteEndObject();
    }
}
