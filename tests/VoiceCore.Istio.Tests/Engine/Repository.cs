namespace VoiceCore.Istio.Tests.Engine;

/// <summary>Where the tests find the repository that they were built from.</summary>
internal static class Repository
{
    internal static readonly string Root = FindRoot();

    internal static string Manifest => Path.Combine(Root, "VoiceCore.Istio.psd1");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
