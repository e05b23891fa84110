using System.Globalization;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Definition;

/// <summary>The reference of definitions says what the reader does: every field is there, with its type, its bounds and its default.</summary>
public sealed partial class DefinitionReferenceTests
{
    private const string Unknown = "zzz";
    private static readonly string[] Workloads = ["controlPlane", "gateways.ingress", "services.NAME"];

    public static TheoryData<string> Paths => [.. DefinitionReference.All.Select(row => row.Path)];

    [Fact]
    public void Has_every_field_that_the_reader_knows_and_no_other()
    {
        var known = Fields([]).Select(Generic).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(known, DefinitionReference.All.Select(row => row.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Gives_an_example_that_is_accepted(string path)
    {
        var row = Row(path);

        Assert.Empty(Problems(row, row.Example));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Gives_the_default(string path)
    {
        var row = Row(path);
        if (row.DefaultValue is not { } value)
            return;

        Assert.Equal(Written(row.Document(null)), Written(row.Document(value)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Says_what_is_required(string path)
    {
        var row = Row(path);

        var missing = MeshDefinitionReader.Read(row.Document(null)).Findings.Any(finding => finding.Code == DocumentFindings.MissingKey.Code && finding.Subject == row.Subject);

        Assert.Equal(row.IsRequired, missing);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Gives_the_words_that_may_be_chosen(string path)
    {
        var row = Row(path);
        if (row.Choices.Count == 0)
            return;

        var expected = Assert.Single(Problems(row, Unknown)).Fix;
        Assert.All(row.Choices, choice => Assert.Empty(Problems(row, choice)));
        Assert.Equal(row.Choices.Order(StringComparer.Ordinal), Word().Matches(expected).Select(word => word.Value).Where(word => word is not ("Write" or "one" or "of" or "or")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Gives_the_bounds(string path)
    {
        var row = Row(path);
        if (Bounds().Match(row.Type) is not { Success: true } bounds)
            return;

        var isMapping = row.Type.StartsWith("mapping", StringComparison.Ordinal);
        foreach (var (bound, step) in new[] { (bounds.Groups["from"].Value, -1), (bounds.Groups["to"].Value, 1) })
        {
            Assert.Empty(Problems(row, Value(bound)));
            Assert.NotEmpty(Problems(row, Value(Beyond(bounds.Groups["kind"].Value, bound, step))));
        }

        string Value(string text) => isMapping ? $"{{ {Unknown}: {text} }}" : text;
    }

    private static string Beyond(string kind, string bound, int step) => kind switch
    {
        "duration" when MeshDuration.Parse(bound) is var duration => duration.TotalMilliseconds + step is var next && next <= 0 ? "0s" : $"{next.ToString(CultureInfo.InvariantCulture)}ms",
        "number" => (double.Parse(bound, CultureInfo.InvariantCulture) + (step * 0.001)).ToString(CultureInfo.InvariantCulture),
        _ => (long.Parse(bound, CultureInfo.InvariantCulture) + step).ToString(CultureInfo.InvariantCulture),
    };

    private static DefinitionReference Row(string path) => DefinitionReference.All.First(row => row.Path == path);

    // What is wrong with the field itself, or with something in it.
    private static IEnumerable<Finding> Problems(DefinitionReference row, string value) =>
        MeshDefinitionReader.Read(row.Document(value)).Findings.Where(finding =>
            string.CompareOrdinal(finding.Code, "VCM0100") < 0
            && (finding.Subject == row.Subject || finding.Subject!.StartsWith(row.Subject + ".", StringComparison.Ordinal) || finding.Subject.StartsWith(row.Subject + "[", StringComparison.Ordinal)));

    private static string Written(string text)
    {
        var document = MeshDefinitionReader.Read(text);
        Assert.True(document.IsValid, $"{string.Join(Environment.NewLine, document.Findings.Where(finding => finding.Severity == FindingSeverity.Error))}{Environment.NewLine}{text}");
        return MeshDefinitionWriter.Write(document.Definition!);
    }

    private static string Generic(string path)
    {
        var generic = path.Replace("gateways.egress.", "gateways.ingress.", StringComparison.Ordinal);
        var workload = Workloads.FirstOrDefault(workload => generic.StartsWith(workload + ".", StringComparison.Ordinal));
        return workload is not null && Shared().IsMatch(generic[(workload.Length + 1)..]) ? "WORKLOAD" + generic[workload.Length..] : generic;
    }

    // The reader is asked for each mapping what it knows there: an unknown key is answered with the list.
    private static IEnumerable<string> Fields(string[] steps)
    {
        var path = string.Join('.', steps);
        var text = steps.Reverse().Aggregate($"{{ {Unknown}: 1 }}", (inner, step) => $"{{ {(step == "NAME" ? Unknown : step)}: {inner} }}");
        var head = $"apiVersion: {MeshDefinition.ApiVersion}, kind: {MeshDefinition.Kind}";
        text = steps.Length == 0 ? $"{{ {head}, {Unknown}: 1 }}" : $"{{ {head}, {text[2..]}";
        var subject = string.Join('.', steps.Select(step => step == "NAME" ? Unknown : step).Append(Unknown));
        var answer = MeshDefinitionReader.Read(text).Findings.Where(finding => finding.Subject == subject).ToArray();
        if (answer.FirstOrDefault(finding => finding.Code == DocumentFindings.UnknownKey.Code) is { } unknown)
        {
            var names = unknown.Cause[(unknown.Cause.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.').Split(", ");
            return names.SelectMany(name => Fields([.. steps, name]).Prepend(path.Length == 0 ? name : $"{path}.{name}"));
        }

        var isNamed = answer.Any(finding => finding.Code == DocumentFindings.WrongType.Code && finding.Fix.Contains("a mapping", StringComparison.Ordinal));
        return isNamed ? Fields([.. steps, "NAME"]) : [];
    }

    [GeneratedRegex("(?<kind>integer|number|duration)s?, (?<from>[0-9.]+[a-z]*) to (?<to>[0-9.]+[a-z]*)")]
    private static partial Regex Bounds();

    [GeneratedRegex("[A-Za-z0-9_]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(replicas|autoscaling|resources)\b")]
    private static partial Regex Shared();
}
