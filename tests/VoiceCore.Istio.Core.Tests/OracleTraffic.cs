using System.IO.Compression;
using System.Text.Json;
using VoiceCore.Istio.Agreement;
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
            yield return (CaseSnapshot.Read(json.RootElement), json.RootElement);
        }
    }
}
