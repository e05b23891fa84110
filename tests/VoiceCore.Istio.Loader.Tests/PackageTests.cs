namespace VoiceCore.Istio.Loader.Tests;

/// <summary>What the module's folder holds: what it needs and nothing of the runtime's.</summary>
public sealed class PackageTests
{
    private static readonly string[] Shipped =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "bin"), "*.dll").Select(path => Path.GetFileName(path)).Order()];

    [Fact]
    public void Ships_the_assemblies_it_needs_and_no_others() => Assert.Equal(
        [
            "Fractions.dll",
            "KubernetesClient.dll",
            "VoiceCore.Istio.Core.dll",
            "VoiceCore.Istio.Loader.dll",
            "VoiceCore.Istio.Sandbox.dll",
            "VoiceCore.Istio.dll",
            "YamlDotNet.dll",
        ],
        Shipped.Order(StringComparer.Ordinal));

    // A second System.Text.Json in the private context is what broke other modules on a newer PowerShell.
    [Fact]
    public void Ships_nothing_of_the_runtime() =>
        Assert.DoesNotContain(Shipped, name => name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    // PowerShell would load such a file itself, into the default context.
    [Fact]
    public void Has_no_root_assembly_beside_the_manifest() =>
        Assert.Empty(Directory.EnumerateFiles(Repository.Root, "*.dll"));
}
