using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>What a file holds, unpacked and in UTF-8.</summary>
/// <param name="Text">The text.</param>
/// <param name="Form">How it is to be read.</param>
internal readonly record struct SnapshotFile(ReadOnlyMemory<byte> Text, SnapshotFileForm Form)
{
    /// <exception cref="MeshException"><c>FileTooLarge</c>, packed or unpacked, or <c>FileUnreadable</c>.</exception>
    internal static SnapshotFile Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MeshSnapshotReader.MaxFileMegabytes * 1024L * 1024)
                throw SnapshotErrors.FileTooLarge(path, MeshSnapshotReader.MaxFileMegabytes);
            var content = File.ReadAllBytes(path);
            if (content is [0x1F, 0x8B, ..])
                return new(Decompress(content, path), SnapshotFileForm.Saved);
            return new(Utf8(content), path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? SnapshotFileForm.Json : SnapshotFileForm.Yaml);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw SnapshotErrors.FileUnreadable(path, error);
        }
    }

    // Windows PowerShell redirects to files in UTF-16.
    private static byte[] Utf8(byte[] text) => text switch
    {
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(text, 2, text.Length - 2)),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(text, 2, text.Length - 2)),
        _ => text,
    };

    private static ReadOnlyMemory<byte> Decompress(byte[] compressed, string path)
    {
        const int MaxBytes = MeshSnapshotReader.MaxFileMegabytes * 1024 * 1024;
        const long LargestRatio = 1032;
        using var content = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        // The length stands at the end. What is said there need not be true: it is only where the buffer begins.
        var expected = compressed.Length < 18 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(compressed.AsSpan(compressed.Length - 4));
        var buffer = new byte[Math.Min(expected, Math.Min(MaxBytes, compressed.Length * LargestRatio)) + 1];
        var length = 0;
        for (int read; (read = content.Read(buffer, length, buffer.Length - length)) > 0;)
        {
            length += read;
            if (length > MaxBytes)
                throw SnapshotErrors.FileTooLarge(path, MeshSnapshotReader.MaxFileMegabytes);
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return buffer.AsMemory(0, length);
    }
}
