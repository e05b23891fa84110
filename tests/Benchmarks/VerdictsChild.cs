using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using VoiceCore.Istio.Core.Comparison;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>What the processes do that <see cref="VerdictsBenchmark"/> measures.</summary>
internal static class VerdictsChild
{
    internal const string Matrix = "verdicts-matrix";
    internal const string Memory = "verdicts-memory";
    internal const string Parse = "verdicts-parse";
    internal const string Engine = "verdicts-engine";

    internal const string Compare = "verdicts-compare";
    internal const string Findings = "verdicts-findings";

    /// <summary>Nothing at all: what it takes to start.</summary>
    internal const string Empty = "verdicts-empty";

    /// <summary>The assemblies that the matrix needs, by name, and nothing done with them.</summary>
    internal const string Load = "verdicts-load";

    /// <summary>The matrix, and what was compiled for it at run time.</summary>
    internal const string Compilation = "verdicts-compilation";

    /// <summary>The whole matrix, through the classes that Test-MeshTls calls. Nothing is written: the console is no part of it.</summary>
    internal static int RunMatrix(string path) => Verdicts(path) > 0 ? 0 : 1;

    private static int Verdicts(string path)
    {
        var snapshot = MeshSnapshotReader.ReadPath(path);
        var resolver = new MeshTlsResolver(snapshot);
        var rows = 0;
        foreach (var service in snapshot.Services)
        {
            foreach (var verdict in resolver.Resolve(service))
                rows += verdict.Reason.Length > 0 ? 1 : 0;
        }

        return rows;
    }

    /// <summary>The same; what is written is the number of verdicts, and the peak of the working set in bytes.</summary>
    internal static int RunMemory(string path)
    {
        var rows = Verdicts(path);
        using var process = Process.GetCurrentProcess();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{rows} {process.PeakWorkingSet64}"));
        return 0;
    }

    /// <summary>Loads assemblies, and does nothing with them.</summary>
    internal static int RunLoad(string[] names)
    {
        foreach (var name in names)
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(name).ManifestModule.ModuleHandle);
        return 0;
    }

    /// <summary>The matrix; written is the number of verdicts, how many methods were compiled, how long that took in milliseconds, and the assemblies that are loaded.</summary>
    internal static int RunCompilation(string path)
    {
        var rows = Verdicts(path);
        var (methods, time) = (JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime());
        var names = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{rows} {methods} {time.TotalMilliseconds} {string.Join(' ', names)}"));
        return 0;
    }

    /// <summary>All differences between two snapshots.</summary>
    internal static int RunCompare(string before, string after)
    {
        Console.Write(MeshSnapshotComparison.Run(MeshSnapshotReader.ReadPath(before), MeshSnapshotReader.ReadPath(after)).Count());
        return 0;
    }

    /// <summary>All findings of the rules that need no cluster.</summary>
    internal static int RunFindings(string path)
    {
        Console.Write(MeshCheck.Run(MeshSnapshotReader.ReadPath(path)).Count);
        return 0;
    }

    /// <summary>What System.Text.Json takes for the same file, and nothing else.</summary>
    internal static int RunParse(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        file.CopyTo(content);
        var reader = new Utf8JsonReader(content.GetBuffer().AsSpan(0, (int)content.Length), new JsonReaderOptions { AllowMultipleValues = true });
        var objects = 0;
        while (reader.Read())
        {
            using var document = JsonDocument.ParseValue(ref reader);
            objects += document.RootElement.ValueKind == JsonValueKind.Object ? 1 : 0;
        }

        return objects > 0 ? 0 : 1;
    }

    /// <summary>The cmdlet in the real engine: the milliseconds of the pipeline with the module imported.</summary>
    internal static int RunEngine(string module, string path, string rest)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", module).AddParameter("ErrorAction", "Stop").Invoke();
        shell.Commands.Clear();
        var clock = Stopwatch.StartNew();
        // A break, which ends the pipeline as Select-Object -First does, needs a loop around it.
        shell.AddScript($"do {{ Test-MeshTls -SnapshotPath '{path}' | {rest} }} while ($false)").Invoke();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds}"));
        return shell.HadErrors ? throw new InvalidOperationException(shell.Streams.Error[0].ToString()) : 0;
    }
}
