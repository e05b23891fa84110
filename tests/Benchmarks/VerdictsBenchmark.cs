using System.Globalization;

namespace VoiceCore.Istio.Benchmarks;

/// <summary>
/// What the matrix of mTLS verdicts costs, in whole processes that take turns, over meshes that are made here: time and memory over saved
/// snapshots, against System.Text.Json over the same file, against istioctl over the same manifests, and how it grows. What runs is what
/// ships: compiled ahead of time.
/// </summary>
internal static class VerdictsBenchmark
{
    private const string Json = "JSON";
    private const string Yaml = "YAML";
    private const string Istioctl = "istioctl";
    private const string First = "first row";
    private const string All = "all rows";
    private const string Differences = "differences";
    private const string Findings = "findings";

    internal static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("voicecore-verdicts-").FullName;
        try
        {
            return Run(folder, new FigureTable());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Run(string folder, FigureTable table)
    {
        var istioctl = LabPrograms.Find("istioctl");
        var module = ShippedModule.Stage(folder);
        var one = Make(MeshSize.One, folder);
        var s = Make(MeshSize.S, folder);
        var m = Make(MeshSize.M, folder, withYaml: true);
        var l = Make(MeshSize.L, folder, withYaml: true);
        var xl = Make(MeshSize.XL, folder);
        // Rows, methods, milliseconds, and the names of assemblies.
        var compiled = Output(VerdictsChild.Compilation, s.Snapshot).Split(' ');

        // What takes turns is in one series, so that a machine that gets slower does so for all of it.
        var samples = new SampleSet();
        samples.Measure(15, ("empty", Child(VerdictsChild.Empty)), ("loaded", Child([VerdictsChild.Load, .. compiled[3..]])), ("one", Matrix(one)), ("S", Matrix(s)), ("S" + Json, Parse(s)));
        samples.Measure(9, ("M", Matrix(m)), ("M" + Json, Parse(m)), ("M" + Yaml, Child(VerdictsChild.Matrix, m.Manifests)), ("M" + Istioctl, Analyze(istioctl, m)));
        samples.Measure(5, ("L", Matrix(l)), ("L" + Json, Parse(l)), ("L" + Yaml, Child(VerdictsChild.Matrix, l.Manifests)), ("L" + Istioctl, Analyze(istioctl, l)));
        samples.Measure(3, ("XL", Matrix(xl)), ("XL" + Json, Parse(xl)), (First, Engine(xl, "ForEach-Object { break }")), (All, Engine(xl, "Out-Null")));
        samples.Measure(3, [.. ((Mesh[])[m, l, xl]).SelectMany(mesh => (IEnumerable<(string, Func<double>?)>)[(mesh.Name + Differences, Compare(mesh)), (mesh.Name + Findings, Child(VerdictsChild.Findings, mesh.Snapshot))])]);
        var memory = double.Parse(Output(VerdictsChild.Memory, xl.Snapshot).Split(' ')[1], CultureInfo.InvariantCulture);

        FigureTable.Add("start-up: an empty process", samples["empty"], "ms");
        FigureTable.Add("start-up: a process that loads the same assemblies", samples["loaded"], "ms");
        FigureTable.Add("a mesh of one service, whole process: all code is used once", samples["one"], "ms");
        FigureTable.Add("S: whole process", samples["S"], "ms");
        FigureTable.Add("S: System.Text.Json over the same file, whole process", samples["S" + Json], "ms");
        FigureTable.Add("S: methods that are compiled at run time", double.Parse(compiled[1], CultureInfo.InvariantCulture), "");
        FigureTable.Add("S: compilation at run time", double.Parse(compiled[2], CultureInfo.InvariantCulture), "ms");
        FigureTable.Add("S: beyond a mesh of one service", samples["S"] - samples["one"], "ms");
        table.Add("S: beyond a process that loads the same assemblies", samples["S"] - samples["loaded"], "ms", 20);
        table.Add("M: saved snapshot, whole process", samples["M"], "ms", 300);
        table.Add("L: saved snapshot, whole process", samples["L"], "ms", 2000);
        table.Add("XL: saved snapshot, whole process", samples["XL"], "ms", 15_000);
        table.Add("XL: peak memory", memory / (1024 * 1024), "MB", 1500);

        foreach (var mesh in (Mesh[])[m, l, xl])
            table.Add($"{mesh.Name}: beyond start-up, to System.Text.Json over the same file", Beyond(mesh.Name) / Beyond(mesh.Name + Json), "", 4);
        foreach (var mesh in (Mesh[])[m, l])
        {
            FigureTable.Add($"{mesh.Name}: manifests, whole process", samples[mesh.Name + Yaml], "ms");
            if (istioctl is null)
            {
                Console.WriteLine($"{mesh.Name}: istioctl analyze over the same manifests: skipped, there is no istioctl (VOICECORE_TEST_LAB)");
                continue;
            }

            FigureTable.Add($"{mesh.Name}: istioctl analyze over the same manifests", samples[mesh.Name + Istioctl], "ms");
            table.Add($"{mesh.Name}: manifests, to istioctl analyze", samples[mesh.Name + Yaml] / samples[mesh.Name + Istioctl], "", 1);
        }

        // n log n between these sizes is n to the power of about 1.06.
        table.Add("exponent of growth, M to L", Exponent(m, l, ""), "", 1.1);
        table.Add("exponent of growth, L to XL", Exponent(l, xl, ""), "", 1.1);
        table.Add("XL: first row in the engine, as a share of all rows", samples[First] / samples[All], "", 0.4);
        foreach (var (work, name) in ((string, string)[])[(Differences, "differences of two saved snapshots"), (Findings, "findings")])
        {
            foreach (var mesh in (Mesh[])[m, l, xl])
                FigureTable.Add($"{mesh.Name}: {name}, whole process", samples[mesh.Name + work], "ms");
            table.Add($"{name}: exponent of growth, L to XL", Exponent(l, xl, work), "", 1.1);
        }

        return table.AllMet ? 0 : 1;

        string Output(params string[] arguments) => ChildProcess.Run(module.Program, arguments, out _);

        Func<double> Child(params string[] arguments) => () => ChildProcess.Milliseconds(module.Program, arguments);

        Func<double> Matrix(Mesh mesh) => Child(VerdictsChild.Matrix, mesh.Snapshot);

        Func<double> Parse(Mesh mesh) => Child(VerdictsChild.Parse, mesh.Snapshot);

        Func<double> Compare(Mesh mesh) => Child(VerdictsChild.Compare, mesh.Snapshot, mesh.Changed);

        Func<double> Engine(Mesh mesh, string rest) => () => double.Parse(Output(VerdictsChild.Engine, module.Manifest, mesh.Snapshot, rest), CultureInfo.InvariantCulture);

        double Beyond(string name) => samples[name] - samples["empty"];

        double Exponent(Mesh small, Mesh large, string work) =>
            Math.Log((samples[large.Name + work] - samples["one"]) / (samples[small.Name + work] - samples["one"])) / Math.Log((double)large.Bytes / small.Bytes);
    }

    private static Mesh Make(MeshSize size, string folder, bool withYaml = false)
    {
        var generator = new MeshGenerator(size);
        var mesh = new Mesh(size.Name, Path.Combine(folder, size.Name + ".json.gz"), Path.Combine(folder, size.Name + "-changed.json.gz"), Path.Combine(folder, size.Name));
        mesh.Bytes = generator.WriteSnapshot(mesh.Snapshot, mesh.Changed);
        if (withYaml)
            generator.WriteYaml(mesh.Manifests);
        return mesh;
    }

    private static Func<double>? Analyze(string? istioctl, Mesh mesh) =>
        istioctl is null ? null : () => ChildProcess.Milliseconds(istioctl, "analyze", "--use-kube=false", "-A", mesh.Manifests);

    private sealed record Mesh(string Name, string Snapshot, string Changed, string Manifests)
    {
        /// <summary>Size of the saved snapshot before compression.</summary>
        internal long Bytes { get; set; }
    }
}
