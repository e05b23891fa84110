namespace VoiceCore.Istio.Agreement;

/// <summary>A family of cases: the file that holds them, one JSON text a line, and how one is compared.</summary>
internal sealed record CaseFamily(string Name, string FileName, Action<string, CaseComparison> Compare)
{
    internal static readonly IReadOnlyList<CaseFamily> All =
    [
        new("authorization", "authorization.jsonl.gz", AuthorizationCases.Compare),
        new("injection", "injection.jsonl.gz", InjectionCases.Compare),
        new("traffic", "traffic.jsonl.gz", TrafficCases.Compare),
    ];
}
