namespace VoiceCore.Istio.Core.Files;

/// <summary>Writes files that are there as a whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside <paramref name="path"/> first and puts the result in its place; makes the folders on the way. Errors of the file system
    /// are passed on, and nothing is left behind.
    /// </summary>
    internal static void Write(string path, Action<Stream> write)
    {
        if (Path.GetFileName(path).Length == 0)
            throw new IOException("It is the name of a folder.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = path + ".part";
        try
        {
            using (var file = File.Create(part))
                write(file);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            TryDelete(part);
            throw;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is in the way of writing may be in the way of tidying up as well.
        }
    }
}
