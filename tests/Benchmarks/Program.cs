using VoiceCore.Istio.Benchmarks;

// One benchmark a name; each prints one line a figure. Figures are medians of whole processes, and ratios where machines differ.
return args switch
{
    ["import"] => ImportBenchmark.Run(),
    [ImportBenchmark.Child, var module] => ImportBenchmark.Measure(module),
    ["verdicts"] => VerdictsBenchmark.Run(),
    [VerdictsChild.Empty] => 0,
    [VerdictsChild.Load, .. var names] => VerdictsChild.RunLoad(names),
    [VerdictsChild.Compilation, var path] => VerdictsChild.RunCompilation(path),
    [VerdictsChild.Compare, var before, var after] => VerdictsChild.RunCompare(before, after),
    [VerdictsChild.Findings, var path] => VerdictsChild.RunFindings(path),
    [VerdictsChild.Matrix, var path] => VerdictsChild.RunMatrix(path),
    [VerdictsChild.Memory, var path] => VerdictsChild.RunMemory(path),
    [VerdictsChild.Parse, var path] => VerdictsChild.RunParse(path),
    [VerdictsChild.Engine, var module, var path, var rest] => VerdictsChild.RunEngine(module, path, rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- import|verdicts");
    return 64;
}
