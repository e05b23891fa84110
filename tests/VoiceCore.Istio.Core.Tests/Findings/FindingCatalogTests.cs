using System.Text.Json;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Findings;

namespace VoiceCore.Istio.Core.Tests.Findings;

/// <summary>docs/findings.md and the catalogue say the same.</summary>
public sealed partial class FindingCatalogTests
{
    private static readonly Lazy<Dictionary<string, string[]>> Page = new(() => Sections().ToDictionary(section => section[0], section => section[1..]));

    public static TheoryData<string> Codes => [.. FindingCatalog.All.Select(rule => rule.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_documented_as_it_is(string code)
    {
        var rule = FindingCatalog.Find(code)!;
        Assert.True(Page.Value.TryGetValue(code, out var lines), $"docs/findings.md has no section for {code}.");
        string[] expected =
        [
            $"- Severity: {rule.Severity}",
            $"- Finds: {Text(rule.Message)}",
            $"- Cause: {Text(rule.Cause)}",
            $"- Fix: {Text(rule.Fix)}",
            .. rule.SameAs.Count > 0 ? [$"- Same as: {string.Join(", ", rule.SameAs)}"] : Array.Empty<string>(),
            .. rule.Link is { } link ? [$"- More: <{link}>"] : Array.Empty<string>(),
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void Nothing_is_documented_that_is_not_there() => Assert.Empty(Page.Value.Keys.Except(FindingCatalog.All.Select(rule => rule.Code)));

    [Theory]
    [InlineData("istio-analyze", "messages.json")]
    [InlineData("kiali", "checks.json")]
    public void Every_code_of_others_has_a_counterpart_or_a_reason_why_not(string folder, string file)
    {
        Assert.SkipWhen(SharedData.Folder is null, "The lists of these codes are not here.");
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder!, "cases", folder, file)));
        var codes = list.RootElement.EnumerateArray().Select(item => item.GetProperty("code").GetString()!).ToHashSet();
        var shared = FindingCatalog.All.SelectMany(rule => rule.SameAs).ToHashSet();
        var reasons = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "findings.md")).Split("have no counterpart")[1];
        Assert.All(codes.Except(shared), code => Assert.Contains(code, reasons, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_are_addresses() => Assert.All(FindingCatalog.All.Where(rule => rule.Link is not null), rule => Assert.Equal("https", new Uri(rule.Link!).Scheme));

    // Each value of a finding has a place, and no place is without value: what stands in braces is a number or a doubled brace.
    [Fact]
    public void Texts_are_formats() => Assert.All(FindingCatalog.All, rule =>
    {
        object?[] values = ["0", "1", "2", "3", "4", "5", "6"];
        Assert.DoesNotContain("{0}", rule.At("subject", values).Message, StringComparison.Ordinal);
    });

    private static IEnumerable<string[]> Sections() => File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "findings.md"))
        .ReplaceLineEndings("\n")
        .Split("\n### ")
        .Skip(1)
        .Select(section => section.Split("\n## ")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string Text(string format) =>
        Place().Replace(format, "…").Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
