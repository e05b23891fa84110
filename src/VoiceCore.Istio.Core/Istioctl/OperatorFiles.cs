using System.Globalization;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>The operator documents as files in a folder that only this user can read, gone when disposed.</summary>
internal sealed class OperatorFiles : IDisposable
{
    private readonly DirectoryInfo? _folder;

    /// <exception cref="MeshException"><c>IstioctlFilesNotWritten</c>.</exception>
    internal OperatorFiles(IReadOnlyList<string> documents)
    {
        Names = documents.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"operator-{index + 1}.yaml")).ToArray();
        try
        {
            _folder = Directory.CreateTempSubdirectory("voicecore-istio-");
            foreach (var (name, document) in Names.Zip(documents))
                File.WriteAllText(Path.Combine(Folder, name), document);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw IstioctlErrors.FilesNotWritten(Path.GetTempPath(), error);
        }
    }

    /// <summary>The folder: istioctl is started here, so that no path, whatever is in it, has to go through <c>-f</c>, which splits at commas.</summary>
    internal string Folder => _folder!.FullName;

    /// <summary>The files' names in the order of the documents.</summary>
    internal IReadOnlyList<string> Names { get; }

    public void Dispose()
    {
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process that is just ending still holds a file (Windows). The folder lies where the system cleans up.
        }
    }
}
