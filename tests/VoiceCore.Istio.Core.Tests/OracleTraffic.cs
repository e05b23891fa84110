using System.IO.Compression;
using System.Text.Json;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests;

/// <summary>What Istio's own code told proxies of many meshes (<c>../shared/oracle</c>); a test that reads it is skipped where it is absent.</summary>
internal static class OracleTraffic
{
    /// <summary>The cases: each with the mesh that was given (<c>input</c>, <c>mesh</c>) and the <c>answers</c>.</summary>
    internal static IEnumerable<(MeshSnapshot Snapshot, JsonElement Case)> Cases()
    {
        var path = SharedData.Folder is { } shared ? Path.Combine(shared, "oracle", "traffic.jsonl.gz") : null;
        Assert.SkipUnless(File.Exists(path), "../shared/oracle is absent.");
        return Read(path!);
    }

    private static IEnumerable<(MeshSnapshot Snapshot, JsonElement Case)> Read(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { Length: > 0 } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return (Snapshot(json.RootElement), json.RootElement);
        }
    }

    private static MeshSnapshot Snapshot(JsonElement @case)
    {
        var reader = new MeshSnapshotReader();
        using var yaml = new StringReader(@case.GetProperty("input").GetString()!);
        reader.AddYaml(yaml, @case.GetProperty("id").GetString()!);
        if (@case.TryGetProperty("mesh", out var mesh))
            reader.SetMeshConfig(mesh);
        return reader.Build();
    }
}
