using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>The snapshot of a case's <c>input</c> and <c>mesh</c>.</summary>
internal static class CaseSnapshot
{
    internal static MeshSnapshot Read(JsonElement @case)
    {
        var reader = new MeshSnapshotReader();
        using var yaml = new StringReader(@case.GetProperty("input").GetString()!);
        reader.AddYaml(yaml, @case.GetProperty("id").GetString()!);
        if (@case.TryGetProperty("mesh", out var mesh))
            reader.SetMeshConfig(mesh);
        return reader.Build();
    }
}
