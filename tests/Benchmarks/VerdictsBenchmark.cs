namespace VoiceCore.Istio.Benchmarks;

/// <summary>
/// What the matrix of mTLS verdicts costs, in whole processes that take turns, over meshes that are made here: time and memory over saved
/// snapshots, against System.Text.Json over the same file, against istioctl over the same manifests, and how it grows.
/// </summary>
internal static class VerdictsBenchmark
{
    private const string Json = "JSON";
    private const string Yaml = "YAML";
    private const string Istioctl = "istioctl";
    private const string First = "first row";
    private const string All = "all rows";

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
        var one = Make(MeshSize.One, folder);
        var s = Make(MeshSize.S, folder);
        var m = Make(MeshSize.M, folder, withYaml: true);
        var l = Make(MeshSize.L, folder, withYaml: true);
        var xl = Make(MeshSize.XL, folder);

        // What takes turns is in one series, so that a machine that gets slower does so for all of it.
        var samples = new SampleSet();
        samples.Measure(15, ("empty", Child(VerdictsChild.Empty)), ("one", Matrix(one)), ("S", Matrix(s)));
        samples.Measure(9, ("M", Matrix(m)), ("M" + Json, Parse(m)), ("M" + Yaml, MatrixOfYaml(m)), ("M" + Istioctl, Analyze(istioctl, m)));
        samples.Measure(5, ("L", Matrix(l)), ("L" + Json, Parse(l)), ("L" + Yaml, MatrixOfYaml(l)), ("L" + Istioctl, Analyze(istioctl, l)));
        samples.Measure(3, ("XL", Matrix(xl)), ("XL" + Json, Parse(xl)), (First, Engine(xl, "Select-Object -First 1")), (All, Engine(xl, "Measure-Object")));
        var memory = double.Parse(ChildProcess.Output(VerdictsChild.Memory, xl.Snapshot).Split(' ')[1]);

        FigureTable.Add("start-up: an empty process", samples["empty"], "ms");
        FigureTable.Add("start-up: the code of all kinds compiled (a mesh of one service)", samples["one"], "ms");
        FigureTable.Add("S: whole process", samples["S"], "ms");
        table.Add("S: saved snapshot, beyond start-up with the code compiled", samples["S"] - samples["one"], "ms", 20);
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
        table.Add("exponent of growth, M to L", Exponent(m, l), "", 1.1);
        table.Add("exponent of growth, L to XL", Exponent(l, xl), "", 1.1);
        table.Add("XL: Select-Object -First 1 in the engine, as a share of all rows", samples[First] / samples[All], "", 0.8);
        return table.AllMet ? 0 : 1;

        double Beyond(string name) => samples[name] - samples["empty"];

        double Exponent(Mesh small, Mesh large) =>
            Math.Log((samples[large.Name] - samples["one"]) / (samples[small.Name] - samples["one"])) / Math.Log((double)large.Bytes / small.Bytes);
    }

    private static Mesh Make(MeshSize size, string folder, bool withYaml = false)
    {
        var generator = new MeshGenerator(size);
        var mesh = new Mesh(size.Name, Path.Combine(folder, size.Name + ".json.gz"), Path.Combine(folder, size.Name));
        mesh.Bytes = generator.WriteSnapshot(mesh.Snapshot);
        if (withYaml)
            generator.WriteYaml(mesh.Manifests);
        return mesh;
    }

    private static Func<double> Child(params string[] arguments) => () => ChildProcess.Milliseconds(Environment.ProcessPath!, arguments);

    private static Func<double> Matrix(Mesh mesh) => Child(VerdictsChild.Matrix, mesh.Snapshot);

    private static Func<double> MatrixOfYaml(Mesh mesh) => Child(VerdictsChild.Matrix, mesh.Manifests);

    private static Func<double> Parse(Mesh mesh) => Child(VerdictsChild.Parse, mesh.Snapshot);

    private static Func<double>? Analyze(string? istioctl, Mesh mesh) =>
        istioctl is null ? null : () => ChildProcess.Milliseconds(istioctl, "analyze", "--use-kube=false", "-A", mesh.Manifests);

    private static Func<double> Engine(Mesh mesh, string rest) =>
        () => double.Parse(ChildProcess.Output(VerdictsChild.Engine, Repository.Manifest, mesh.Snapshot, rest), System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Mesh(string Name, string Snapshot, string Manifests)
    {
        /// <summary>Size of the saved snapshot before compression.</summary>
        internal long Bytes { get; set; }
    }
}
