using System.Runtime.InteropServices;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>The module as its package has it, compiled ahead of time for this platform, and this program over the same assemblies.</summary>
internal sealed class ShippedModule
{
    private static readonly string[] Compiled = ["VoiceCore.Istio.Core.dll", "YamlDotNet.dll"];

    private ShippedModule(string folder)
    {
        Manifest = Path.Combine(folder, "module", Path.GetFileName(Repository.Manifest));
        Program = Path.Combine(folder, "program", Path.GetFileName(Environment.ProcessPath!));
    }

    /// <summary>The module's manifest.</summary>
    internal string Manifest { get; }

    /// <summary>This program.</summary>
    internal string Program { get; }

    /// <summary>Puts both into a folder. Where the compiler cannot be had, they are as they were built, and that is said.</summary>
    internal static ShippedModule Stage(string folder)
    {
        var module = new ShippedModule(folder);
        var bin = Path.Combine(folder, "module", "bin");
        Copy(Repository.Root, "VoiceCore.Istio.*", Path.GetDirectoryName(module.Manifest)!);
        Copy(Path.Combine(Repository.Root, "bin"), "*.dll", bin);
        CopyAll(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.GetDirectoryName(module.Program)!);

        var output = Path.Combine(folder, "compiled");
        string[] publish = ["publish", Path.Combine(Repository.Root, "tools", "ReadyToRun"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output];
        var said = ChildProcess.Run("dotnet", publish, out _);
        if (!File.Exists(Path.Combine(output, Compiled[0])))
        {
            Console.WriteLine($"Nothing is compiled ahead of time, all figures are without it: {said.Trim().Split('\n')[^1]}");
            return module;
        }

        foreach (var name in Compiled)
        {
            Copy(output, name, Path.Combine(bin, RuntimeInformation.RuntimeIdentifier));
            Copy(output, name, Path.GetDirectoryName(module.Program)!);
        }

        return module;
    }

    private static void Copy(string from, string pattern, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from, pattern))
            File.Copy(path, Path.Combine(to, Path.GetFileName(path)), overwrite: true);
    }

    // What an engine needs lies in folders by platform.
    private static void CopyAll(string from, string to)
    {
        Copy(from, "*", to);
        foreach (var folder in Directory.EnumerateDirectories(from))
            CopyAll(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
