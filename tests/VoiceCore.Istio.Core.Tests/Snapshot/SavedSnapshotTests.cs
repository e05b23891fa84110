using System.IO.Compression;
using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>What is saved, and what is read of it again.</summary>
public sealed class SavedSnapshotTests : IDisposable
{
    private static readonly DateTime Taken = new(2026, 11, 25, 9, 30, 0, DateTimeKind.Utc);

    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot").FullName;

    [Fact]
    public void A_snapshot_is_read_as_it_was_saved()
    {
        var snapshot = EveryKind.Read() with { Source = "production", Taken = Taken, IsComplete = true, ClusterDomain = "mesh.internal" };

        var again = SaveAndLoad(snapshot);

        Assert.Equal(("production", Taken, true, "mesh.internal"), (again.Source, again.Taken, again.IsComplete, again.ClusterDomain));
        Assert.Equal(snapshot.Count, again.Count);
        Assert.Equal(SnapshotFields.Of(snapshot), SnapshotFields.Of(again));
        Assert.All(again.DestinationRules, rule => Assert.Null(rule.Source));
        Assert.Equal(EveryKind.Lines(snapshot), EveryKind.Lines(again));
    }

    [Fact]
    public void Every_property_of_every_record_is_among_what_is_compared()
    {
        var unset = EveryKind.Unset(EveryKind.Read() with { Source = "production", Taken = Taken, IsComplete = true, ClusterDomain = "mesh.internal" });

        Assert.True(unset.Count == 0, "tests/Fixtures/mesh/every-kind.yaml sets no " + string.Join(", ", unset));
    }

    [Fact]
    public void What_holds_secrets_is_not_saved()
    {
        var text = EveryKind.Lines(EveryKind.Read());

        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("last-applied", text, StringComparison.Ordinal);
        Assert.DoesNotContain("fieldsV1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_of_a_file_leaves_nothing_beside_it()
    {
        var path = Path.Combine(_folder, "below", "mesh.json.gz");
        MeshSnapshotFile.Save(EveryKind.Read(), path);
        MeshSnapshotFile.Save(EveryKind.Read(), path);

        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
        // RFC 1952: after the magic, the method and the flags come four bytes of time.
        Assert.Equal(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0 }, File.ReadAllBytes(path)[..8]);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"List","items":[]}""", "SnapshotNotSaved")]
    [InlineData("no JSON", "SnapshotNotSaved")]
    [InlineData("", "SnapshotNotSaved")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v9","kind":"MeshSnapshot","objects":0}""", "SnapshotVersionUnknown")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":1}""", "SnapshotDamaged")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":1}{"kind":"Po""", "SnapshotDamaged")]
    [InlineData("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":"many"}""", "SnapshotObjectInvalid")]
    public void A_file_that_is_no_whole_snapshot_is_refused(string content, string id)
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        using (var file = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            file.Write(Encoding.UTF8.GetBytes(content));

        Assert.Equal(id, Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(path)).Id);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused()
    {
        var path = Path.Combine(_folder, "mesh.json.gz");
        MeshSnapshotFile.Save(EveryKind.Read(), path);
        var bytes = File.ReadAllBytes(path);
        // Behind the last object come the end of the compressed block and the checksum.
        for (var length = 0; length < bytes.Length - 32; length += 7)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Contains(Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(path)).Id, new[] { "SnapshotNotSaved", "SnapshotDamaged", "SnapshotFileUnreadable" });
        }
    }

    [Fact]
    public void What_is_not_there_is_said() =>
        Assert.Equal("SnapshotPathNotFound", Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(Path.Combine(_folder, "absent"))).Id);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private MeshSnapshot SaveAndLoad(MeshSnapshot snapshot)
    {
        var path = Path.Combine(_folder, "saved");
        MeshSnapshotFile.Save(snapshot, path);
        return MeshSnapshotFile.Load(path);
    }
}
