using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace VoiceCore.Istio.Loader.Tests;

/// <summary>An assembly that was compiled ahead of time for this platform is taken in place of the one for all platforms.</summary>
public sealed class CompiledAssemblyTests : IDisposable
{
    private static readonly Assembly Loader =
        new AssemblyLoadContext("loader of its own").LoadFromAssemblyPath(Path.Combine(Repository.Root, "bin", "VoiceCore.Istio.Loader.dll"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicecore-loader-");

    [Fact]
    public void Takes_what_was_compiled_for_the_platform_and_the_rest_as_it_is()
    {
        var compiled = Add(RuntimeInformation.RuntimeIdentifier, "A");
        Add("another-platform", "B");
        Add("", "A");
        var forAll = Add("", "B");

        Assert.Equal((compiled, forAll, null), (Find("A"), Find("B"), Find("C")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Add(string platform, string name)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.FullName, platform)).FullName, name + ".dll");
        File.WriteAllText(path, "");
        return path;
    }

    private string? Find(string name) => (string?)Loader.GetType("VoiceCore.Istio.Loader.ModuleLoadContext")!
        .GetMethod("Find", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [_folder.FullName, name]);
}
