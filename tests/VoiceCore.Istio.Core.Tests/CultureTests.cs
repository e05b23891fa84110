using System.Globalization;
using VoiceCore.Istio.Core.Comparison;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Findings;
using VoiceCore.Istio.Core.Rendering;
using VoiceCore.Istio.Core.Tests.Snapshot;

namespace VoiceCore.Istio.Core.Tests;

/// <summary>
/// What machines read is the same on a German, a Swedish and any other machine. The tests run without ICU and so without real cultures; this
/// one writes numbers and dates otherwise wherever a culture can. Letters are the compiler's to check (CA1304, CA1310 and CA1311 are errors).
/// </summary>
public sealed class CultureTests
{
    private static readonly CultureInfo Strange = Make();

    public static TheoryData<string, Func<string>> Outputs => new()
    {
        { "rendered manifests", () => Text(MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = "1-30-3", PrometheusRules = true }).Files.Select(RenderedText.Of)) },
        { "a definition", () => MeshDefinitionWriter.Write(MeshDefinitionReader.Read(MeshDefinitionFile.VoiceCoreText).Definition!) },
        { "findings of a definition", () => Text(MeshDefinitionReader.Read(MeshDefinitionFile.VoiceCoreText).Findings) },
        { "a saved snapshot", () => EveryKind.Lines(EveryKind.Read()) },
        { "findings as JSON", () => Report(FindingFormat.Json) },
        { "findings as JUnit", () => Report(FindingFormat.JUnit) },
        { "findings as SARIF", () => Report(FindingFormat.Sarif) },
        { "findings as logging commands", () => Report(FindingFormat.AzureDevOps) },
        { "what changed", () => Text(MeshSnapshotComparison.Run(EveryKind.Read(), EveryKind.Read(EveryKind.Yaml.Replace("STRICT", "PERMISSIVE", StringComparison.Ordinal)))) },
    };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Says_the_same_in_every_culture(string what, Func<string> write)
    {
        var expected = In(CultureInfo.InvariantCulture, write);

        Assert.NotEqual("", expected);
        Assert.True(expected == In(Strange, write), $"{what} follow the culture.");
        Assert.DoesNotContain('\r', expected);
    }

    [Fact]
    public void The_culture_of_these_tests_is_another() =>
        Assert.Equal("−1.234,5 24:12:2026", In(Strange, () => $"{-1234.5:N1} {new DateTime(2026, 12, 24):dd/MM/yyyy}"));

    private static string Report(FindingFormat format) => Text(FindingReport.Write(MeshCheck.Run(EveryKind.Read()), format));

    private static string Text<T>(IEnumerable<T> items) => string.Join('\n', items);

    private static string In(CultureInfo culture, Func<string> write)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return write();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "−";
        culture.NumberFormat.NaNSymbol = "keine Zahl";
        culture.DateTimeFormat.DateSeparator = ":";
        culture.DateTimeFormat.TimeSeparator = ".";
        culture.DateTimeFormat.ShortDatePattern = "dd/MM/yyyy";
        culture.DateTimeFormat.LongTimePattern = "HH:mm";
        return culture;
    }
}
