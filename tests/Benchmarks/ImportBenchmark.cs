using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>
/// What <c>Import-Module</c> costs in a fresh process: the module as it ships (with its private load context and views), the same assembly
/// through a plain manifest, and the same assembly with no manifest at all.
/// </summary>
internal static class ImportBenchmark
{
    internal const string Child = "import-once";

    private const int Rounds = 11;

    internal static int Run()
    {
        var assembly = Path.Combine(Repository.Root, "bin", "VoiceCore.Istio.dll");
        var plainManifest = Path.Combine(Directory.CreateTempSubdirectory("voicecore-import-").FullName, "Plain.psd1");
        File.WriteAllText(plainManifest, $"@{{ ModuleVersion = '1.0'; RootModule = '{assembly}'; CmdletsToExport = '*' }}");
        (string Name, string Path)[] modules = [("as shipped", Repository.Manifest), ("plain manifest", plainManifest), ("no manifest", assembly)];

        // Taking turns, so that a machine that gets slower does so for both.
        var samples = modules.ToDictionary(module => module.Name, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
            foreach (var (name, path) in modules)
                samples[name].Add(InFreshProcess(path));

        foreach (var (name, values) in samples)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import {name}: median {Median(values):F0} ms ({values.Min():F0} to {values.Max():F0}, {Rounds} processes)"));
        foreach (var other in modules.Skip(1))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import as shipped / {other.Name}: {Median(samples["as shipped"]) / Median(samples[other.Name]):F2}"));
        Directory.Delete(Path.GetDirectoryName(plainManifest)!, recursive: true);
        return 0;
    }

    internal static int Measure(string module)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        // The engine's own first command is not what is measured.
        using (var warm = PowerShell.Create(runspace))
            warm.AddCommand("Get-Module").Invoke();

        using var shell = PowerShell.Create(runspace);
        var clock = Stopwatch.StartNew();
        shell.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", "Stop").Invoke();
        Console.WriteLine(clock.Elapsed.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static double InFreshProcess(string module)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.ArgumentList.Add(Child);
        start.ArgumentList.Add(module);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
