using System.Text.Json;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Agreement;

/// <summary>Cases of Istio's analyzers: one analyzer runs, so only the rules that mean what it means are compared.</summary>
internal static class AnalyzerCases
{
    private static readonly string[] ClusterKinds = ["Namespace", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "CustomResourceDefinition"];

    internal static CaseComparison Compare(JsonElement item, string folder, UnsharedCodes unshared)
    {
        var comparison = new CaseComparison("istio-analyze") { CaseId = item.GetProperty("id").GetString()! };
        var expected = item.GetProperty("expected").EnumerateArray()
            .Select(message => (message.GetProperty("code").GetString()!, Subject(message.GetProperty("origin").GetString()!)))
            .ToArray();
        var analyzer = item.GetProperty("analyzer").GetString()!;
        var rules = AnalyzerScope.Rules(analyzer);
        var snapshot = new FindingSnapshot();
        snapshot.AddFile(folder, "default-resources.yaml");
        foreach (var file in item.GetProperty("inputFiles").EnumerateArray())
            snapshot.AddFile(folder, file.GetString()!);
        if (item.TryGetProperty("meshConfigFile", out var config) && config.GetString() is { Length: > 0 } path)
            snapshot.AddMeshConfig(File.ReadAllText(Path.Combine(folder, path)));
        var mesh = snapshot.Build();
        FindingCases.Add(comparison, rules, "IST", expected, mesh, MeshCheck.Run(mesh), analyzer, unshared);
        return comparison;
    }

    // Where the input gives no namespace, Core takes the one that kubectl would.
    private static string Subject(string origin) => origin.Split(' ', 2) switch
    {
        [var kind, var name] when !name.Contains('/') && !ClusterKinds.Contains(kind) => $"{kind} default/{name}",
        _ => origin,
    };
}
