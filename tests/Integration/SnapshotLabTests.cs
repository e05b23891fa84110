using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Comparison;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Integration;

/// <summary>A real mesh (<c>VerdictMesh.yaml</c>), saved and judged from the file.</summary>
[Collection(nameof(LabMesh))]
public sealed class SnapshotLabTests(LabMesh mesh, ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_mesh_gives_the_verdicts_of_the_live_one_and_shows_what_changes()
    {
        mesh.SkipWhenAbsent();
        await mesh.ApplyAsync(Path.Combine(AppContext.BaseDirectory, "VerdictMesh.yaml"));
        await mesh.ReadyAsync("pairs-");
        var folder = Directory.CreateTempSubdirectory("snapshot");
        try
        {
            var path = Path.Combine(folder.FullName, "mesh.json.gz");
            var live = await mesh.SnapshotAsync();
            MeshSnapshotFile.Save(live, path);
            var saved = MeshSnapshotFile.Load(path);

            var (verdicts, again) = (Verdicts(live), Verdicts(saved));
            output.WriteLine($"{verdicts.Count} verdicts over {live.Count} objects, {new FileInfo(path).Length} bytes.");
            Assert.True(verdicts.Count >= 30);
            Assert.Equal(verdicts, again);
            Assert.Equal((live.Source, live.Taken, true), (saved.Source, saved.Taken, saved.IsComplete));
            HoldsNoSecrets(path);

            Assert.DoesNotContain(MeshSnapshotComparison.Run(saved, await mesh.SnapshotAsync()), change => change.Area != MeshChangeArea.Object);
            await mesh.Api.ApplyAsync(Rule(), new ApplyOptions { FieldManager = "snapshot-test" }, Stop);
            var changes = MeshSnapshotComparison.Run(saved, await mesh.SnapshotAsync(), [MeshChangeArea.MutualTls]).ToArray();
            Assert.NotEmpty(changes);
            Assert.All(changes, change => Assert.StartsWith("pairs-strict/echo:", change.Subject, StringComparison.Ordinal));
            Assert.All(changes, change => Assert.Contains("DestinationRule pairs-strict/snapshot-test", change.Causes));
        }
        finally
        {
            // Others look at the same namespace.
            await mesh.Api.DeleteAsync(Rule().Reference, new DeleteOptions(), CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private static List<string> Verdicts(MeshSnapshot snapshot)
    {
        var (tls, breakers, routes) = (new MeshTlsResolver(snapshot), new MeshCircuitBreakerResolver(snapshot, definition: null), new MeshTimeoutResolver(snapshot));
        return
        [
            .. snapshot.Services.SelectMany(service => tls.Resolve(service)).Select(Text),
            .. snapshot.Services.SelectMany(service => breakers.Resolve(service)).Select(Text),
            .. snapshot.Services.SelectMany(service => routes.Resolve(service)).Select(Text),
            .. new InjectionReport(snapshot).Rows().Select(Text),
            .. MeshCheck.Run(snapshot).Select(Text),
        ];
    }

    private static string Text<T>(T verdict) => JsonSerializer.Serialize(verdict);

    // istiod's key, its certificates and the tokens of service accounts lie in Secrets and ConfigMaps of the lab.
    private static void HoldsNoSecrets(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var lines = text.ReadToEnd();
        foreach (var secret in new[] { "\"kind\":\"Secret\"", "PRIVATE KEY", "BEGIN CERTIFICATE", "last-applied-configuration", "fieldsV1", "\"volumes\"" })
            Assert.DoesNotContain(secret, lines, StringComparison.Ordinal);
    }

    private static KubernetesObject Rule() => new(JsonNode.Parse("""
        {
          "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": { "name": "snapshot-test", "namespace": "pairs-strict" },
          "spec": { "host": "echo.pairs-strict.svc.cluster.local", "trafficPolicy": { "tls": { "mode": "DISABLE" } } }
        }
        """)!.AsObject());
}
