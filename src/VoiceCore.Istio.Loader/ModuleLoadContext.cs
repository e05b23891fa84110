using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace VoiceCore.Istio.Loader;

/// <summary>
/// The private load context of the module: what lies in the module's <c>bin</c> folder is loaded from there and nowhere else,
/// so that another module's older YamlDotNet or KubernetesClient never meets ours.
/// </summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    private readonly Assembly _loader = typeof(ModuleLoadContext).Assembly;
    private readonly string _folder;

    internal ModuleLoadContext(string folder)
        : base("VoiceCore.Istio")
    {
        _folder = folder;
    }

    /// <summary>
    /// The path of an assembly; null where the module has none of the name. One that was compiled ahead of time for this platform, and loads
    /// on no other, is there a second time, in a folder of the platform's name.
    /// </summary>
    internal static string? Find(string folder, string? name) => Array.Find(
        [Path.Combine(folder, RuntimeInformation.RuntimeIdentifier, name + ".dll"), Path.Combine(folder, name + ".dll")],
        File.Exists);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The loader itself lives in the default context; a second copy would have its own statics.
        if (AssemblyName.ReferenceMatchesDefinition(assemblyName, _loader.GetName()))
            return _loader;

        return Find(_folder, assemblyName.Name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
