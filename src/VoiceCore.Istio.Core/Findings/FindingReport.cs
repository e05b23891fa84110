using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>Findings as the texts that build servers read.</summary>
public static class FindingReport
{
    private const string SarifSchema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>The report as lines (<see cref="FindingFormat.AzureDevOps"/>) or as one text.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<Finding> findings, FindingFormat format) => format switch
    {
        FindingFormat.JUnit => [JUnit(findings)],
        FindingFormat.Sarif => [Sarif(findings)],
        FindingFormat.AzureDevOps => findings.Select(AzureDevOps),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

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
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            var count = findings.Count.ToString(CultureInfo.InvariantCulture);
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "Test-MeshConfiguration");
            xml.WriteAttributeString("tests", count);
            xml.WriteAttributeString("failures", count);
            xml.WriteAttributeString("errors", "0");
            foreach (var finding in findings)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", finding.Code);
                xml.WriteAttributeString("name", finding.Subject ?? "");
                xml.WriteStartElement("failure");
                xml.WriteAttributeString("type", finding.Severity.ToString());
                xml.WriteAttributeString("message", finding.Message);
                xml.WriteString($"{finding.Cause} {finding.Fix}");
                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static string Sarif(IReadOnlyList<Finding> findings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
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
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

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
        json.WriteStartArray("locations");
        json.WriteStartObject();
        if (finding.Path is not null)
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", Uri.EscapeDataString(finding.Path.Replace('\\', '/')).Replace("%2F", "/", StringComparison.Ordinal));
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

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
