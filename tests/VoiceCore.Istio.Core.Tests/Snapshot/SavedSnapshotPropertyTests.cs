using System.IO.Compression;
using System.Text;
using CsCheck;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Snapshot.Saved;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>Rules of saved snapshots that hold for whatever is saved, and for whatever is taken for a saved snapshot.</summary>
public sealed class SavedSnapshotPropertyTests
{
    private static readonly byte[] Saved = EveryKind.Bytes(EveryKind.Read());

    // Any bytes, and those that mean something to JSON more often than chance would have it.
    private static readonly byte[] Telling = [.. "\"{}[],:\\0e-\n"u8, 0xC3, 0xFF];

    private static readonly Gen<(int Place, byte Value, int Length)[]> Damages = Gen.Select(
        Gen.Int[0, 1_000_000],
        Gen.OneOf(Gen.Byte, Gen.Int[0, Telling.Length - 1].Select(index => Telling[index])),
        Gen.Int[0, 40]).Array[1, 6];

    [Fact]
    public void The_order_of_objects_does_not_show() => Gen.Shuffle(EveryKind.Documents.ToArray()).Sample(
        documents => Assert.Equal(Saved, EveryKind.Bytes(EveryKind.Read(string.Join("\n---\n", documents)))),
        iter: 50);

    [Fact]
    public void A_part_of_a_mesh_is_read_as_it_was_saved() => Gen.Bool.Array[EveryKind.Documents.Count].Sample(
        kept =>
        {
            var part = EveryKind.Read(string.Join("\n---\n", EveryKind.Documents.Where((_, index) => kept[index])));

            Assert.Equal(SnapshotFields.Of(part), SnapshotFields.Of(EveryKind.Again(part)));
        },
        iter: 50);

    [Fact]
    public void Damaged_lines_are_refused_or_read_but_never_worse() => Damages.Sample(
        damages =>
        {
            try
            {
                var reader = new MeshSnapshotReader();
                reader.AddJson(Damage(Saved, damages), "damaged");
                reader.Build();
            }
            catch (MeshException)
            {
            }
        },
        iter: 3000);

    [Fact]
    public void A_damaged_file_is_refused_or_read_but_never_worse()
    {
        var folder = Directory.CreateTempSubdirectory("snapshot");
        try
        {
            var path = Path.Combine(folder.FullName, "mesh.json.gz");
            MeshSnapshotFile.Save(EveryKind.Read(), path);
            var file = File.ReadAllBytes(path);
            Damages.Sample(
                damages =>
                {
                    File.WriteAllBytes(path, Damage(file, damages));
                    try
                    {
                        MeshSnapshotFile.Load(path);
                    }
                    catch (MeshException)
                    {
                    }
                },
                iter: 300,
                threads: 1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_small_file_that_unfolds_to_too_much_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var content = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            {
                content.Write(Encoding.UTF8.GetBytes("""{"apiVersion":"mesh.voicecore.io/v1","kind":"MeshSnapshot","objects":1,"source":"x"}"""));
                var blank = new byte[1 << 20];
                Array.Fill(blank, (byte)' ');
                for (var megabyte = 0; megabyte <= MeshSnapshotReader.MaxFileMegabytes; megabyte++)
                    content.Write(blank);
            }

            Assert.Equal("SnapshotFileTooLarge", Assert.Throws<MeshException>(() => MeshSnapshotFile.Load(path)).Id);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Every_case_of_the_oracle_is_read_as_it_was_saved()
    {
        var cases = 0;
        foreach (var (snapshot, _) in OracleTraffic.Cases())
        {
            Assert.Equal(SnapshotFields.Of(snapshot), SnapshotFields.Of(EveryKind.Again(snapshot)));
            cases++;
        }

        Assert.True(cases > 100, $"{cases} cases.");
    }

    [Fact]
    public void Every_configuration_of_the_cases_gives_the_same_findings_when_it_was_saved()
    {
        var folder = SharedData.Folder is { } shared ? Path.Combine(shared, "cases") : null;
        Assert.SkipUnless(Directory.Exists(folder), "../shared/cases is absent.");
        var compared = 0;
        foreach (var path in Directory.EnumerateFiles(folder!, "*.yaml", SearchOption.AllDirectories))
        {
            MeshSnapshot snapshot;
            try
            {
                snapshot = MeshSnapshotReader.ReadPath(path) with { IsComplete = true };
            }
            catch (MeshException)
            {
                // Some of the cases are no manifests.
                continue;
            }

            Assert.Equal(Findings(snapshot), Findings(EveryKind.Again(snapshot)));
            compared += snapshot.Count > 0 ? 1 : 0;
        }

        Assert.True(compared > 100, $"{compared} files.");
    }

    // A saved mesh has no files and no lines.
    private static string[] Findings(MeshSnapshot snapshot) =>
        [.. MeshCheck.Run(snapshot).Select(finding => (finding with { Path = null, Line = 0, Column = 0 }).ToString())];

    // Each damage replaces some bytes by others.
    private static byte[] Damage(byte[] bytes, (int Place, byte Value, int Length)[] damages)
    {
        var damaged = new List<byte>(bytes);
        foreach (var (place, value, length) in damages)
        {
            var start = place % damaged.Count;
            damaged.RemoveRange(start, Math.Min(length % 3, damaged.Count - start - 1));
            damaged.Insert(start, value);
        }

        return [.. damaged];
    }
}
