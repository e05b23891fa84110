using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Snapshot.Reading;
using YamlDotNet.Core;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>The objects of a manifest as istioctl prints it.</summary>
internal static class ManifestDocuments
{
    /// <exception cref="MeshException"><c>ManifestUnreadable</c>.</exception>
    internal static IReadOnlyList<KubernetesObject> Read(string manifest)
    {
        var objects = new List<KubernetesObject>();
        var yaml = new YamlToJson(new StringReader(manifest));
        var json = new ArrayBufferWriter<byte>();
        try
        {
            while (yaml.Next(json))
            {
                if (JsonNode.Parse(json.WrittenSpan) is JsonObject document && document["kind"] is not null)
                    objects.Add(new KubernetesObject(document));
                json.ResetWrittenCount();
            }
        }
        catch (Exception error) when (error is YamlException or JsonException)
        {
            throw PlanningErrors.ManifestUnreadable(yaml.Line, error);
        }

        return objects;
    }
}
