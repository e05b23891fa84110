using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>Findings as the texts that build servers read. Those that are suppressed stand in SARIF and JUnit as such, and nowhere else.</summary>
public static class FindingReport
{
    private const string SarifSchema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>The report as lines (<see cref="FindingFormat.AzureDevOps"/>) or as one text.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<Finding> findings, FindingFormat format) => format switch
    {
        FindingFormat.Json => [Json(Active(findings))],
        FindingFormat.JUnit => [JUnit(findings)],
        FindingFormat.Sarif => [Sarif(findings)],
        FindingFormat.AzureDevOps => Active(findings).Select(AzureDevOps),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Writes a report to a file, as a whole or not at all.</summary>
    /// <exception cref="MeshException"><c>FileNotWritten</c>.</exception>
    public static void Save(IEnumerable<string> report, string path) => TextFile.Write(path, string.Join('\n', report) + "\n");

    private static IEnumerable<Finding> Active(IReadOnlyList<Finding> findings) => findings.Where(finding => finding.Suppression is null);

    private static string Json(IEnumerable<Finding> findings) => Text(json =>
    {
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code);
            json.WriteString("severity", finding.Severity.ToString());
            json.WriteString("subject", finding.Subject);
            json.WriteString("message", finding.Message);
            json.WriteString("cause", finding.Cause);
            json.WriteString("fix", finding.Fix);
            json.WriteString("link", finding.Link?.AbsoluteUri);
            json.WriteString("source", finding.Source);
            json.WriteString("path", finding.Path);
            json.WriteNumber("line", finding.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            write(json);
        // Line feeds on every system: Windows' line ends are the writer's only choice there, and none is within a text.
        return Encoding.UTF8.GetString(buffer.ToArray()).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // Azure DevOps knows errors and warnings; the escapes are those of its agent (%AZP25 for the per cent sign).
    private static string AzureDevOps(Finding finding)
    {
        var type = finding.Severity == FindingSeverity.Error ? "error" : "warning";
        var place = finding.Path is null ? "" : $"sourcepath={Property(finding.Path)};";
        if (finding.Line > 0)
            place += FormattableString.Invariant($"linenumber={finding.Line};");
        return $"##vso[task.logissue type={type};{place}code={Property(finding.Code)};]{Data($"{finding.Subject}: {finding.Message} {finding.Fix}")}";
    }

    private static string Data(string text) =>
        text.Replace("%", "%AZP25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace("]", "%5D", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);

    private static string JUnit(IReadOnlyList<Finding> findings)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            var failures = Active(findings).Count();
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "Test-MeshConfiguration");
            xml.WriteAttributeString("tests", findings.Count.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("errors", "0");
            xml.WriteAttributeString("skipped", (findings.Count - failures).ToString(CultureInfo.InvariantCulture));
            foreach (var finding in findings)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", finding.Code);
                xml.WriteAttributeString("name", finding.Subject ?? "");
                if (finding.Suppression is { } suppression)
                {
                    xml.WriteStartElement("skipped");
                    xml.WriteAttributeString("message", suppression.Reason);
                }
                else
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("type", finding.Severity.ToString());
                    xml.WriteAttributeString("message", finding.Message);
                    xml.WriteString($"{finding.Cause} {finding.Fix}");
                }

                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static string Sarif(IReadOnlyList<Finding> findings) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", SarifSchema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, findings);
        json.WriteStartArray("results");
        foreach (var finding in findings)
            WriteResult(json, finding);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteTool(Utf8JsonWriter json, IReadOnlyList<Finding> findings)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "VoiceCore.Istio");
        json.WriteStartArray("rules");
        foreach (var finding in findings.DistinctBy(finding => finding.Code))
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Code);
            WriteText(json, "fullDescription", finding.Cause);
            if (finding.Link is not null)
                json.WriteString("helpUri", finding.Link.AbsoluteUri);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Code);
        json.WriteString("level", finding.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "note" });
        WriteText(json, "message", $"{finding.Message} {finding.Fix}");
        WriteSuppressions(json, finding.Suppression);
        json.WriteStartObject("properties");
        json.WriteString("source", finding.Source);
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        if (finding.Path is not null)
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", Reference(finding.Path));
            json.WriteEndObject();
            if (finding.Line > 0)
            {
                json.WriteStartObject("region");
                json.WriteNumber("startLine", finding.Line);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", finding.Subject ?? "");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A whole path is an address, any other one relative to the place of the report's reader (SARIF 2.1.0, 3.4.3).
    private static string Reference(string path) => System.IO.Path.IsPathFullyQualified(path)
        ? new Uri(path).AbsoluteUri
        : Uri.EscapeDataString(path.Replace('\\', '/')).Replace("%2F", "/", StringComparison.Ordinal);

    // An empty list says that the result is not suppressed, a missing one that nobody knows (SARIF 2.1.0, 3.27.23).
    private static void WriteSuppressions(Utf8JsonWriter json, FindingSuppression? suppression)
    {
        json.WriteStartArray("suppressions");
        if (suppression is not null)
        {
            json.WriteStartObject();
            json.WriteString("kind", suppression.Line == 0 ? "inSource" : "external");
            json.WriteString("status", "accepted");
            json.WriteString("justification", suppression.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
