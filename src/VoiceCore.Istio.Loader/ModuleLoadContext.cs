using System.Reflection;
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

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The loader itself lives in the default context; a second copy would have its own statics.
        if (AssemblyName.ReferenceMatchesDefinition(assemblyName, _loader.GetName()))
            return _loader;

        var path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
