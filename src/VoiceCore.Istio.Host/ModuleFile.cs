namespace VoiceCore.Istio.Host;

/// <summary>Finds the module that this program runs scripts with.</summary>
internal static class ModuleFile
{
    private const string Name = "VoiceCore.Istio.psd1";

    /// <summary>
    /// The manifest in this program's folder or the nearest folder above it: beside it in a package, at the root of a clone.
    /// Null where there is none.
    /// </summary>
    internal static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Name);
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
