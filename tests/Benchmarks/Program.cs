using VoiceCore.Istio.Benchmarks;

// One benchmark a name; each prints one line a figure. Figures are medians of whole processes, and ratios where machines differ.
return args switch
{
    ["import"] => ImportBenchmark.Run(),
    [ImportBenchmark.Child, var module] => ImportBenchmark.Measure(module),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- import");
    return 64;
}
