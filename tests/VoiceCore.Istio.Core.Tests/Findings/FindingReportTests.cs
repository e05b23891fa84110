using System.Text.Json;
using System.Xml.Linq;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Findings;

public sealed class FindingReportTests
{
    private static readonly Finding[] Findings =
    [
        new("VCM0001", FindingSeverity.Error, "100 % of <it>\nfails", "cause", "fix") { Subject = "Rule a/b", Path = "a;b]c.yaml", Line = 7 },
        new("VCM0002", FindingSeverity.Info, "message", "cause", "fix") { Subject = "Rule c/d" },
    ];

    [Fact]
    public void Logging_commands_escape_what_would_end_them() =>
        Assert.Equal(
            "##vso[task.logissue type=error;sourcepath=a%3Bb%5Dc.yaml;linenumber=7;code=VCM0001;]Rule a/b: 100 %AZP25 of <it>%0Afails fix",
            FindingReport.Write(Findings, FindingFormat.AzureDevOps).First());

    [Fact]
    public void JUnit_has_a_failed_case_for_each_finding()
    {
        var suite = XDocument.Parse(FindingReport.Write(Findings, FindingFormat.JUnit).Single()).Root!.Element("testsuite")!;
        Assert.Equal("2", suite.Attribute("failures")!.Value);
        Assert.Equal("2", suite.Attribute("tests")!.Value);
        Assert.Equal(["VCM0001", "VCM0002"], suite.Elements("testcase").Select(item => item.Attribute("classname")!.Value));
        Assert.All(suite.Elements("testcase"), item => Assert.NotNull(item.Element("failure")));
    }

    // SARIF 2.1.0: version, runs[].tool.driver.name and results[].message are required; level is one of none, note, warning, error.
    [Fact]
    public void Sarif_has_what_its_schema_requires()
    {
        using var document = JsonDocument.Parse(FindingReport.Write(Findings, FindingFormat.Sarif).Single());
        var run = document.RootElement.GetProperty("runs")[0];
        Assert.Equal("2.1.0", document.RootElement.GetProperty("version").GetString());
        Assert.Equal("VoiceCore.Istio", run.GetProperty("tool").GetProperty("driver").GetProperty("name").GetString());
        Assert.Equal(["error", "note"], run.GetProperty("results").EnumerateArray().Select(item => item.GetProperty("level").GetString()));
        Assert.All(run.GetProperty("results").EnumerateArray(), item => Assert.NotEqual("", item.GetProperty("message").GetProperty("text").GetString()));
        var place = run.GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("a%3Bb%5Dc.yaml", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(7, place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Fact]
    public void Sarif_names_whole_paths_as_addresses()
    {
        var path = Path.Combine(Path.GetTempPath(), "a mesh", "100%.yaml");
        using var document = JsonDocument.Parse(FindingReport.Write([Findings[0] with { Path = path }], FindingFormat.Sarif).Single());
        var uri = new Uri(document.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("locations")[0]
            .GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString()!);
        Assert.Equal(("file", path), (uri.Scheme, uri.LocalPath));
        Assert.EndsWith("a%20mesh/100%25.yaml", uri.OriginalString, StringComparison.Ordinal);
    }

    private static readonly Finding[] Suppressed =
        [Findings[0] with { Suppression = new FindingSuppression("VCM0001", "Rule *", "known", null, 2) }, Findings[1]];

    // A result without a list says that nobody knows, one with an empty list that it is not suppressed.
    [Fact]
    public void Sarif_keeps_what_is_suppressed_and_says_why()
    {
        using var document = JsonDocument.Parse(FindingReport.Write(Suppressed, FindingFormat.Sarif).Single());
        var results = document.RootElement.GetProperty("runs")[0].GetProperty("results");
        var suppression = Assert.Single(results[0].GetProperty("suppressions").EnumerateArray());
        Assert.Equal(("external", "accepted", "known"), (suppression.GetProperty("kind").GetString(), suppression.GetProperty("status").GetString(), suppression.GetProperty("justification").GetString()));
        Assert.Empty(results[1].GetProperty("suppressions").EnumerateArray());
    }

    [Fact]
    public void JUnit_skips_what_is_suppressed()
    {
        var suite = XDocument.Parse(FindingReport.Write(Suppressed, FindingFormat.JUnit).Single()).Root!.Element("testsuite")!;
        Assert.Equal(("2", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("skipped")!.Value));
        Assert.Equal("known", suite.Elements("testcase").First().Element("skipped")!.Attribute("message")!.Value);
    }

    [Fact]
    public void Json_and_logging_commands_leave_out_what_is_suppressed()
    {
        using var document = JsonDocument.Parse(FindingReport.Write(Suppressed, FindingFormat.Json).Single());
        var item = Assert.Single(document.RootElement.EnumerateArray());
        Assert.Equal(("VCM0002", "Info", "VoiceCore"), (item.GetProperty("code").GetString(), item.GetProperty("severity").GetString(), item.GetProperty("source").GetString()));
        Assert.Contains("code=VCM0002", Assert.Single(FindingReport.Write(Suppressed, FindingFormat.AzureDevOps)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("report");
        try
        {
            var path = Path.Combine(folder.FullName, "below", "report.txt");
            FindingReport.Save(["old", "lines"], path);
            FindingReport.Save(["new"], path);
            Assert.Equal("new\n", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
