using System.Globalization;
using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>The endpoints of a service by port: how many serve and how many do not. Their addresses come and go.</summary>
internal static class EndpointSummary
{
    internal static IEnumerable<ComparableObject> Of(MeshSnapshot snapshot) => snapshot.EndpointSlices
        .Where(slice => slice.Service.Length > 0)
        .GroupBy(slice => (slice.Namespace, slice.Service))
        .Select(service => new ComparableObject(
            ObjectChange.Endpoints, service.Key.Namespace, service.Key.Service, null, () => ObjectComparison.Bytes(service, Write)));

    private static void Write(Utf8JsonWriter json, IEnumerable<EndpointSliceRecord> slices)
    {
        var ports = slices
            .SelectMany(slice => slice.Ports.Select(port => (port.Name, port.Port, slice.Endpoints)))
            .GroupBy(port => port.Name.Length > 0 ? port.Name : port.Port.ToString(CultureInfo.InvariantCulture))
            .OrderBy(port => port.Key, StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var port in ports)
        {
            var endpoints = port.SelectMany(slice => slice.Endpoints).ToArray();
            var ready = endpoints.Count(endpoint => endpoint.Ready);
            json.WriteStartObject(port.Key);
            json.WriteString("port"u8, string.Join(',', port.Select(slice => slice.Port).Distinct().Order()));
            json.WriteNumber("ready"u8, ready);
            json.WriteNumber("notReady"u8, endpoints.Length - ready);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
