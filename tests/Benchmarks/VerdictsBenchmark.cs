namespace VoiceCore.Istio.Benchmarks;

internal static class VerdictsBenchmark
{
    internal static int Run() => 0;
    internal static int Make(string size, string folder)
    {
        var g = new MeshGenerator(size switch { "S" => MeshSize.S, "M" => MeshSize.M, "L" => MeshSize.L, _ => MeshSize.XL });
        Directory.CreateDirectory(folder);
        if (size != "XL") g.WriteYaml(Path.Combine(folder, size));
        Console.WriteLine(g.WriteJson(Path.Combine(folder, size + ".json.gz")));
        return 0;
    }
}
