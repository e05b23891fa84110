using System.Reflection;
using System.Runtime.Loader;

namespace VoiceCore.Istio.Loader.Tests;

/// <summary>The module lives in its own load context: nothing that another module brought reaches it, and nothing of it leaks out.</summary>
public sealed class IsolationTests
{
    // The cmdlet reads YAML with the module's YamlDotNet and needs no cluster.
    private const string UseYaml = "Test-MeshDefinition -ErrorAction Stop";

    // Loaded before the first import of this process, as a session has it that used another YAML module before.
    private static readonly Assembly Older = AssemblyLoadContext.Default.LoadFromAssemblyPath(
        Path.Combine(AppContext.BaseDirectory, "older", "YamlDotNet.dll"));

    // With it the fields are set before the first test begins; without it, when one is first used.
    static IsolationTests()
    {
    }

    [Fact]
    public void Works_beside_an_older_YamlDotNet()
    {
        Assert.Equal(15, Older.GetName().Version!.Major);
        using var session = new ModuleSession();

        session.Run(UseYaml).ThrowOnError();

        var inDefault = Assert.Single(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == "YamlDotNet");
        Assert.Same(Older, inDefault);
        Assert.Contains(PrivateContext().Assemblies, assembly => assembly.GetName() is { Name: "YamlDotNet", Version.Major: 18 });
    }

    [Fact]
    public void Keeps_all_of_the_module_but_the_loader_out_of_the_default_context()
    {
        using var session = new ModuleSession();

        session.Run(UseYaml).ThrowOnError();

        string[] ours = ["VoiceCore.Istio", "VoiceCore.Istio.Core", "VoiceCore.Istio.Sandbox", "KubernetesClient", "Fractions"];
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => ours.Contains(assembly.GetName().Name));
        Assert.Contains(PrivateContext().Assemblies, assembly => assembly.GetName().Name == "VoiceCore.Istio");
    }

    [Fact]
    public void Imports_again_with_Force_and_after_removal()
    {
        using var session = new ModuleSession();

        session.Run(UseYaml).ThrowOnError();
        session.Run($"Import-Module '{Repository.Manifest}' -Force -ErrorAction Stop; {UseYaml}").ThrowOnError();
        session.Run($"Remove-Module VoiceCore.Istio; Import-Module '{Repository.Manifest}' -ErrorAction Stop; {UseYaml}").ThrowOnError();

        Assert.Single(AssemblyLoadContext.All, context => context.Name == "VoiceCore.Istio");
    }

    [Fact]
    public async Task Works_in_two_runspaces_at_once()
    {
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            using var session = new ModuleSession();
            session.Run(UseYaml).ThrowOnError();
        }));

        await Task.WhenAll(runs);
    }

    [Fact]
    public void A_removed_module_in_one_runspace_leaves_the_other_working()
    {
        using var first = new ModuleSession();
        using var second = new ModuleSession();

        first.Run("Remove-Module VoiceCore.Istio").ThrowOnError();

        second.Run(UseYaml).ThrowOnError();
    }

    private static AssemblyLoadContext PrivateContext() =>
        Assert.Single(AssemblyLoadContext.All, context => context.Name == "VoiceCore.Istio");
}
