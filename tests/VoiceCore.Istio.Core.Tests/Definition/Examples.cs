using VoiceCore.Istio.Core.Definition;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>The definitions of the folder <c>Examples</c>, beside the shipped one.</summary>
internal static class Examples
{
    /// <summary>A product of three services that uses everything that a definition has.</summary>
    internal static MeshDefinition Shop { get; } = MeshDefinitionFile.Load(PathOf("Shop.yaml"));

    internal static string PathOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceCore.Istio.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "Examples", name);
    }
}
