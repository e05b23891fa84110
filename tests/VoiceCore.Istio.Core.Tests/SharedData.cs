namespace VoiceCore.Istio.Core.Tests;

/// <summary>Recordings and schemas that lie beside the repository on some machines (<c>../shared</c>); null elsewhere.</summary>
internal static class SharedData
{
    /// <summary>The repository's folder.</summary>
    internal static readonly string Repository = FindRepository();

    internal static readonly string? Folder = Find();

    private static string? Find()
    {
        var shared = Path.GetDirectoryName(Repository) is { } beside ? Path.Combine(beside, "shared") : null;
        return Directory.Exists(shared) ? shared : null;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run in the repository.");
        return folder.FullName;
    }
}
