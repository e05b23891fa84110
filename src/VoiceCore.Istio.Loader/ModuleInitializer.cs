using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace VoiceCore.Istio.Loader;

/// <summary>
/// Hands PowerShell the root module out of the private load context.
/// The manifest names <c>VoiceCore.Istio.dll</c> as its root module, but no such file lies beside it: PowerShell therefore asks
/// the runtime for the assembly by name, and this handler, which the nested loader module has put in place before, answers.
/// (PowerShell's own test of this: test/tools/TestAlc and IsolatedModule.psd1 in PowerShell/PowerShell.)
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private const string RootModule = "VoiceCore.Istio";

    // One context for the process: a second runspace or a re-import must get the same types again.
    private static readonly Lazy<ModuleLoadContext> Context =
        new(() => new ModuleLoadContext(Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!));

    private static int imports;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (Interlocked.Increment(ref imports) == 1)
            AssemblyLoadContext.Default.Resolving += ResolveRootModule;
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        if (Interlocked.Decrement(ref imports) == 0)
            AssemblyLoadContext.Default.Resolving -= ResolveRootModule;
    }

    private static Assembly? ResolveRootModule(AssemblyLoadContext defaultContext, AssemblyName name) =>
        name.Name == RootModule ? Context.Value.LoadFromAssemblyName(name) : null;
}
