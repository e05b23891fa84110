using System.IO.Compression;
using System.Text.Json;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Files;

namespace VoiceCore.Istio.Core.Snapshot.Saved;

/// <summary>
/// Snapshots saved to files: what <see cref="MeshSnapshotWriter"/> writes, compressed (gzip without name and time). The same mesh gives the
/// same bytes with the same version of .NET. <see cref="MeshSnapshotReader"/> reads such a file like any other.
/// </summary>
public static class MeshSnapshotFile
{
    // The first line is short; a file whose first line is not is something else.
    private const int MaxHeaderBytes = 64 * 1024;

    /// <summary>Checks that a snapshot may be saved to <paramref name="path"/>.</summary>
    /// <exception cref="MeshException"><c>SnapshotExists</c>, unless <paramref name="overwrite"/>.</exception>
    public static void CheckFree(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
            throw SnapshotErrors.Exists(path);
    }

    /// <summary>
    /// Saves a snapshot. The file is there as a whole or not at all: it is written beside <paramref name="path"/> first.
    /// </summary>
    /// <exception cref="MeshException"><c>FileNotWritten</c>.</exception>
    public static void Save(MeshSnapshot snapshot, string path)
    {
        try
        {
            AtomicFile.Write(path, file =>
            {
                using var content = new GZipStream(file, CompressionLevel.Optimal);
                MeshSnapshotWriter.Write(snapshot, content);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw DefinitionErrors.FileNotWritten(path, error);
        }
    }

    /// <summary>Loads a saved snapshot.</summary>
    /// <exception cref="MeshException">
    /// <c>SnapshotNotSaved</c>: the file is no saved snapshot; <c>SnapshotVersionUnknown</c>: it was saved by another version of the module;
    /// <c>SnapshotDamaged</c>: it was cut off; or what reading a file comes to.
    /// </exception>
    public static MeshSnapshot Load(string path)
    {
        if (!File.Exists(path))
            throw SnapshotErrors.PathNotFound(path);
        if (!BeginsWithHeader(path))
            throw SnapshotErrors.NotSaved(path);
        return MeshSnapshotReader.ReadPath(path);
    }

    // Cheap, before a large file of another kind is read in vain.
    private static bool BeginsWithHeader(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var content = new GZipStream(file, CompressionMode.Decompress);
            var bytes = new byte[MaxHeaderBytes];
            var line = bytes.AsSpan(0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
            using var header = JsonDocument.ParseValue(ref reader);
            return header.RootElement.ValueKind == JsonValueKind.Object
                && header.RootElement.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(SavedHeader.Kind);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw SnapshotErrors.FileUnreadable(path, error);
        }
    }
}
