namespace VoiceCore.Istio.Core.Tests;

/// <summary>Recordings and schemas that lie beside the repository on some machines (<c>../shared</c>); null elsewhere.</summary>
internal static class SharedData
{
    internal static readonly string? Folder = Find();

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        var shared = folder?.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared");
        return Directory.Exists(shared) ? shared : null;
    }
}
