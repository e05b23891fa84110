using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>The input of a case of findings. It is all there is, as a cluster would be: what is missing does not exist.</summary>
internal sealed class FindingSnapshot
{
    private readonly MeshSnapshotReader _reader = new();

    internal void AddFile(string folder, string path)
    {
        var full = Path.Combine(folder, path);
        if (File.Exists(full))
            _reader.AddPath(full);
    }

    internal void Add(object item) => _reader.AddJson(JsonSerializer.SerializeToUtf8Bytes(item), "context");

    /// <summary>Adds a mesh config as istiod reads it.</summary>
    internal void AddMeshConfig(string text) => Add(new
    {
        apiVersion = "v1",
        kind = "ConfigMap",
        metadata = new { name = "istio", @namespace = "istio-system" },
        data = new { mesh = text },
    });

    internal MeshSnapshot Build() => _reader.Build() with { IsComplete = true };
}
