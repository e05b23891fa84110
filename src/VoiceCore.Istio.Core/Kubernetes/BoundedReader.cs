namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Reads a stream to its end, within a bound.</summary>
internal static class BoundedReader
{
    /// <summary>The bytes of the stream; null where it has more than <paramref name="megabytes"/>.</summary>
    internal static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int megabytes, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > megabytes * 1024L * 1024L)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
