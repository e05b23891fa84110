using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Files;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Text files as the module reads and writes them: UTF-8 without a byte order mark, errors as <see cref="MeshException"/>.</summary>
internal static class TextFile
{
    /// <summary>The text, or null where there is no such file.</summary>
    internal static string? ReadIfExists(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DefinitionErrors.Unreadable(path, error);
        }
    }

    /// <summary>The first characters of a file that is not trusted to be small.</summary>
    internal static string ReadAtMost(string path, int characters)
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[characters];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw DefinitionErrors.NotFound(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DefinitionErrors.Unreadable(path, error);
        }
    }

    /// <summary>Writes the text as a whole or not at all, making the folders on the way.</summary>
    internal static void Write(string path, string text)
    {
        try
        {
            AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw DefinitionErrors.FileNotWritten(path, error);
        }
    }
}
