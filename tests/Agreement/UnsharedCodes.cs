using System.Text.Json;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Agreement;

/// <summary>Codes of others that none of Core's rules means: how often cases expect them, and why Core has none.</summary>
internal sealed class UnsharedCodes
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["IST0101"] = "of a Gateway's secret: Secrets are never read",
        ["IST0126"] = "meshNetworks is no object of a cluster",
        ["IST0136"] = "not among the analyzers that run by default: nearly all annotations are alpha",
        ["IST0161"] = "Secrets are never read",
        ["IST0170"] = "needs several clusters at once",
    };

    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    internal void Add(string code) => _counts[code] = _counts.GetValueOrDefault(code) + 1;

    internal void Write(string family, JsonElement codes, TextWriter output)
    {
        var all = codes.EnumerateArray().Select(item => item.GetProperty("code").GetString()!).Distinct().ToArray();
        var shared = all.Intersect(FindingCatalog.All.SelectMany(rule => rule.SameAs)).Count();
        output.WriteLine($"{family}: {shared} of {all.Length} codes mean the same as one of Core's");
        foreach (var (code, count) in _counts)
            output.WriteLine($"  not compared: {code}, expected {count} times; {Reasons.GetValueOrDefault(code, "no rule of Core means the same")}");
    }
}
