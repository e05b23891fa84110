using System.Text.Json;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Agreement;

/// <summary>A folder with configurations and what Istio's analyzers (<c>istio-analyze</c>) or Kiali (<c>kiali</c>) find in them.</summary>
internal static class FindingCases
{
    private const string ExpectedFile = "expected.json";

    internal static void Compare(string folder, AgreementTable table, TextWriter output)
    {
        foreach (var (name, mark, compare) in new (string, string, Func<JsonElement, string, UnsharedCodes, CaseComparison>)[]
        {
            ("istio-analyze", "messages.json", AnalyzerCases.Compare),
            ("kiali", "checks.json", KialiCases.Compare),
        })
        {
            var below = Path.Combine(folder, name);
            var place = Directory.Exists(below) ? below : folder;
            if (!File.Exists(Path.Combine(place, mark)) || !File.Exists(Path.Combine(place, ExpectedFile)))
                continue;
            var unshared = new UnsharedCodes();
            using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(place, ExpectedFile)));
            foreach (var item in cases.RootElement.EnumerateArray())
                table.Add(compare(item, place, unshared));
            using var codes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(place, mark)));
            unshared.Write(name, codes.RootElement, output);
        }
    }

    /// <summary>Compares, code by code and object by object, what is expected with Core's findings under the rules that mean the same.</summary>
    internal static void Add(
        CaseComparison comparison, IReadOnlyList<FindingRule> rules, string prefix, IReadOnlyList<(string Code, string Subject)> expected,
        MeshSnapshot mesh, IReadOnlyList<Finding> findings, string scope, UnsharedCodes unshared)
    {
        var codes = rules.SelectMany(rule => rule.SameAs).Where(code => code.StartsWith(prefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        foreach (var (code, _) in expected.Where(item => !codes.Contains(item.Code)))
            unshared.Add(code);
        // Codes of theirs that the same rules mean are one question.
        foreach (var group in codes.GroupBy(code => string.Join(' ', rules.Where(rule => rule.SameAs.Contains(code)).Select(rule => rule.Code)), StringComparer.Ordinal))
        {
            var names = group.Key.Split(' ');
            var ours = findings.Where(finding => names.Contains(finding.Code)).ToLookup(finding => finding.Subject!, finding => finding.Code);
            var theirs = expected.Where(item => group.Contains(item.Code)).ToLookup(item => item.Subject, item => item.Code);
            var subjects = theirs.Select(item => item.Key).Union(ours.Select(item => item.Key)).ToArray();
            if (subjects.Length == 0)
                comparison.AddFinding(group.Min()!, scope, "", "", null);
            foreach (var subject in subjects)
            {
                var code = theirs[subject].FirstOrDefault();
                comparison.AddFinding(
                    code ?? group.Min()!, subject, code ?? "", string.Join(", ", ours[subject].Distinct()),
                    KnownDifference.Reason(scope, code ?? group.Min()!, subject, code is not null, mesh, findings));
            }
        }
    }
}
