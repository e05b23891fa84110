using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Findings;

public sealed class AnalyzerFindingsTests
{
    // The form of 'istioctl analyze -o json' (pkg/config/analysis/diag/message.go of Istio).
    private const string Output = """
        [
          {"code":"IST0174","documentationUrl":"https://istio.io/v1.30/docs/reference/config/analysis/ist0174/","level":"Warning","message":"The host nobody ...","origin":"DestinationRule lost","reference":"C:\\m\\rule.yaml:4"},
          {"code":"IST0106","documentationUrl":"https://istio.io/v1.30/docs/reference/config/analysis/ist0106/","level":"Error","message":"Schema validation error","origin":"VirtualService shop/front","reference":"a.yaml"},
          {"code":"IST0102","level":"Info","message":"The namespace ...","origin":"Namespace shop"}
        ]
        """;

    [Fact]
    public void Messages_become_findings()
    {
        var findings = AnalyzerFindings.Parse(Output);
        Assert.Equal(["DestinationRule default/lost", "VirtualService shop/front", "Namespace shop"], findings.Select(finding => finding.Subject));
        Assert.Equal([FindingSeverity.Warning, FindingSeverity.Error, FindingSeverity.Info], findings.Select(finding => finding.Severity));
        Assert.Equal((@"C:\m\rule.yaml", 4), (findings[0].Path, findings[0].Line));
        Assert.Equal(("a.yaml", 0), (findings[1].Path, findings[1].Line));
        Assert.All(findings, finding => Assert.Equal("istioctl", finding.Source));
        Assert.EndsWith("ist0174/", findings[0].Link!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Null(findings[2].Link);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null\n")]
    [InlineData("[ broken")]
    [InlineData("no list")]
    public void An_output_without_a_list_holds_none(string output) => Assert.Empty(AnalyzerFindings.Parse(output));

    [Fact]
    public void What_both_found_is_there_once()
    {
        var own = MeshFindings.RuleHostUnknown.At("DestinationRule default/lost", "nobody");
        Assert.Equal(["IST0106", "VCM0210", "IST0102"], AnalyzerFindings.Merge([own], AnalyzerFindings.Parse(Output)).Select(finding => finding.Code));
    }

    [Fact]
    public void The_same_code_for_another_object_is_kept()
    {
        var own = MeshFindings.RuleHostUnknown.At("DestinationRule shop/lost", "nobody");
        Assert.Contains(AnalyzerFindings.Merge([own], AnalyzerFindings.Parse(Output)), finding => finding.Code == "IST0174");
    }
}
