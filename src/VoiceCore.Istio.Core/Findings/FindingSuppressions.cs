using System.Globalization;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// The suppressions of a file: <c>suppressions:</c> is a list of <c>code</c>, <c>object</c> (with <c>*</c> and <c>?</c>), <c>reason</c> and,
/// where it shall end, <c>expires</c> (yyyy-MM-dd, the last day). The text is not trusted: it is read as definitions are.
/// </summary>
public sealed class FindingSuppressions
{
    private const string Root = "suppressions";
    private const int LongestText = 1000;

    private static readonly TextRule Code = new(
        "a code of the catalogue such as 'VCM0205', or one of istioctl analyze or Kiali such as 'IST0101'",
        text => FindingCatalog.Find(text) is not null || FindingCatalog.All.Any(rule => rule.SameAs.Contains(text)) || IsForeign(text));

    private static readonly TextRule Day = new("a day such as '2027-01-31'", text => TryDay(text) is not null);

    private static readonly TextRule Text = new(
        $"a text of at most {LongestText} characters", text => text.Trim().Length > 0 && text.Length <= LongestText && !text.Any(char.IsControl));

    private FindingSuppressions(IReadOnlyList<FindingSuppression> all)
    {
        All = all;
    }

    /// <summary>The suppressions in the order of the file.</summary>
    public IReadOnlyList<FindingSuppression> All { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="MeshException">
    /// <c>SuppressionsNotFound</c>; <c>SuppressionsInvalid</c> with the line: a key or code that is not known, or a reason that is missing; or
    /// what reading a file comes to.
    /// </exception>
    public static FindingSuppressions Read(string path) =>
        File.Exists(path) ? Parse(TextFile.ReadAtMost(path, YamlTree.MaxLength + 1), path) : throw FindingErrors.SuppressionsNotFound(path);

    /// <summary>Reads a text; <paramref name="file"/> is named in errors.</summary>
    /// <exception cref="MeshException"><c>SuppressionsInvalid</c>.</exception>
    public static FindingSuppressions Parse(string text, string file)
    {
        var problems = new DocumentProblems(file);
        var all = new List<FindingSuppression>();
        try
        {
            foreach (var item in Items(YamlTree.Read(text), problems))
                all.Add(item);
        }
        catch (YamlProblem problem)
        {
            throw FindingErrors.SuppressionsInvalid(file, problem.Line, problem.Message);
        }

        return problems.Findings is [var first, ..] ? throw FindingErrors.SuppressionsInvalid(file, first.Line, first.Message) : new(all);
    }

    /// <summary>
    /// The findings with the suppressions that hold on the day of <paramref name="clock"/>, and the suppressions that no longer hold though they
    /// mean a finding.
    /// </summary>
    public (IReadOnlyList<Finding> Findings, IReadOnlyList<FindingSuppression> Expired) Apply(IReadOnlyList<Finding> findings, TimeProvider clock)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return (
            findings.Select(finding => finding with { Suppression = finding.Suppression ?? All.FirstOrDefault(item => item.HoldsOn(today) && item.Means(finding)) }).ToArray(),
            All.Where(item => !item.HoldsOn(today) && findings.Any(item.Means)).ToArray());
    }

    private static IEnumerable<FindingSuppression> Items(IReadOnlyList<YamlNode> documents, DocumentProblems problems)
    {
        if (documents is not [YamlMapping { Entries: [({ Text: Root }, YamlSequence list)] }])
        {
            var place = documents.Count > 0 ? documents[0] : new YamlScalar("", IsPlain: true, 1, 1);
            problems.Report(DocumentFindings.WrongType, place, "", "The document", "something else", $"a mapping with the list '{Root}' and nothing else");
            yield break;
        }

        for (var index = 0; index < list.Items.Count; index++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{Root}[{index}]");
            if (list.Items[index] is not YamlMapping mapping)
            {
                problems.Report(DocumentFindings.WrongType, list.Items[index], path, path, "something else", "a mapping");
                continue;
            }

            var reader = new MappingReader(mapping, path, problems);
            yield return MappingReader.Ended(reader, item => new FindingSuppression(
                item.RequiredText("code", Code),
                item.RequiredText("object", Text),
                item.RequiredText("reason", Text),
                item.Text("expires", Day) is { } day ? TryDay(day) : null,
                mapping.Line));
        }
    }

    private static DateOnly? TryDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // istioctl may be newer than the catalogue.
    private static bool IsForeign(string text) => text.Length == 7 && text.StartsWith("IST", StringComparison.Ordinal) && text.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
}
