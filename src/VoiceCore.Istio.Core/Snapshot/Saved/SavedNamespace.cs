using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>What a saved snapshot says of a namespace before its EndpointSlices and pods, which follow in this order.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="EndpointSlices">How many EndpointSlices it has.</param>
/// <param name="Pods">How many pods it has.</param>
/// <param name="Proxied">How many of the pods call services through a sidecar (<see cref="PodRecord.IsCaller"/>).</param>
/// <param name="Plain">How many of the pods call services without one.</param>
/// <param name="Gateways">How many of those with a sidecar have a gateway's proxy instead.</param>
internal sealed record SavedNamespace(string Name, int EndpointSlices, int Pods, int Proxied, int Plain, int Gateways)
{
    /// <summary>The kind of the line on which all namespaces are; what follows are the lines of their objects and nothing else.</summary>
    internal const string Kind = "NamespaceIndex";

    internal static SavedNamespace Of(string name, IReadOnlyCollection<EndpointSliceRecord> slices, IReadOnlyCollection<PodRecord> pods) => new(
        name, slices.Count, pods.Count, pods.Count(pod => pod is { IsCaller: true, HasSidecar: true }), pods.Count(pod => pod is { IsCaller: true, HasSidecar: false }),
        pods.Count(pod => pod is { IsCaller: true, IsGateway: true }));

    /// <exception cref="FormatException">A field holds what it cannot hold.</exception>
    internal static IReadOnlyList<SavedNamespace> ReadAll(JsonTree json)
    {
        var namespaces = new List<SavedNamespace>();
        foreach (var item in json.Items("namespaces"))
        {
            var one = new SavedNamespace(item.Text("name", ""), item.Number("endpointSlices"), item.Number("pods"), item.Number("proxied"), item.Number("plain"), item.Number("gateways"));
            if (one.EndpointSlices < 0 || one.Pods < 0 || (namespaces.Count > 0 && string.CompareOrdinal(namespaces[^1].Name, one.Name) >= 0))
                throw new FormatException("namespaces must be in their order, with counts that are not negative");
            namespaces.Add(one);
        }

        return namespaces;
    }

    internal static void WriteAll(Utf8JsonWriter json, IEnumerable<SavedNamespace> namespaces)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, SavedHeader.ApiVersion);
        json.WriteString("kind"u8, Kind);
        json.WriteStartArray("namespaces"u8);
        foreach (var item in namespaces)
        {
            json.WriteStartObject();
            json.Text("name", item.Name);
            json.WriteNumber("endpointSlices"u8, item.EndpointSlices);
            json.WriteNumber("pods"u8, item.Pods);
            json.WriteNumber("proxied"u8, item.Proxied);
            json.WriteNumber("plain"u8, item.Plain);
            json.Number("gateways", item.Gateways);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
