using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;
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

    /// <summary>Nothing at all: what it takes to start.</summary>
    internal const string Empty = "verdicts-empty";

    /// <summary>The whole matrix, through the classes that Test-MeshTls calls.</summary>
    internal static int RunMatrix(string path)
    {
        var snapshot = MeshSnapshotReader.ReadPath(path);
        var resolver = new MeshTlsResolver(snapshot);
        var rows = 0;
        foreach (var service in snapshot.Services)
        {
            foreach (var verdict in resolver.Resolve(service))
                rows += verdict.Reason.Length > 0 ? 1 : 0;
        }

        Console.Write(rows);
        return 0;
    }

    /// <summary>The same; what is written is the peak of the working set in bytes.</summary>
    internal static int RunMemory(string path)
    {
        RunMatrix(path);
        using var process = Process.GetCurrentProcess();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $" {process.PeakWorkingSet64}"));
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

        Console.Write(objects);
        return 0;
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
        shell.AddScript($"Test-MeshTls -SnapshotPath '{path}' | {rest}").Invoke();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds}"));
        return shell.HadErrors ? 1 : 0;
    }
}
