using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Rules.ModuleCmdlets;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What the pages beside those of cmdlets keep to.</summary>
public sealed partial class AboutRulesTests
{
    private static readonly Dictionary<string, Type> Enumerations = Names
        .SelectMany(cmdlet => TypeOf(cmdlet).GetCustomAttributes<OutputTypeAttribute>())
        .SelectMany(attribute => attribute.Type)
        .SelectMany(output => output.Type.GetProperties())
        .Select(property => property.PropertyType)
        .SelectMany(type => type.IsGenericType ? type.GetGenericArguments() : [type])
        .Where(type => type.IsEnum && type.Namespace!.StartsWith("VoiceCore.", StringComparison.Ordinal))
        .Distinct()
        .ToDictionary(type => type.Name);

    public static TheoryData<string> Statuses => [.. Enumerations.Keys.Order()];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "about_*.md").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_value_that_cmdlets_write_is_explained(string name)
    {
        var page = Text("about_MeshVerdict.md");
        var start = page.IndexOf($"(`{name}`)\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{name} is not explained.");
        var section = page[start..page.IndexOf("\n#", start, StringComparison.Ordinal)];

        Assert.Equal(Enum.GetNames(Enumerations[name]).Order(StringComparer.Ordinal), Row().Matches(section).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Has_one_sentence_in_a_line_and_the_head_that_Get_Help_reads(string name)
    {
        var page = Text(name);

        Assert.StartsWith($"# {Path.GetFileNameWithoutExtension(name)}\n\n## SHORT DESCRIPTION\n\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Fence().Replace(page, "").Split('\n'), line => !line.StartsWith('|') && SentenceEnd().IsMatch(line));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Names_cmdlets_that_are_there(string name)
    {
        var page = Text(name);

        Assert.All(Cmdlet().Matches(page).Select(match => match.Value).Where(cmdlet => cmdlet is not ("Format-List" or "Format-Table" or "Get-Help" or "Out-String" or "Import-Module" or "Where-Object")), cmdlet => Assert.Contains(cmdlet, Names));
    }

    [Fact]
    public void The_README_links_to_what_is_there_and_names_every_cmdlet()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

        Assert.All(LocalLink().Matches(text), link => Assert.True(Path.Exists(Path.Combine(Repository.Root, link.Groups[1].Value)), link.Value));
        Assert.All(Names, cmdlet => Assert.Contains(cmdlet, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_names_the_package_of_this_version()
    {
        var version = Version().Match(File.ReadAllText(Repository.Manifest)).Groups[1].Value;
        var named = Package().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(package => package.Groups[1].Value).Distinct();

        Assert.Equal([version], named);
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, "docs", page)).ReplaceLineEndings("\n");

    [GeneratedRegex("^\\| `([A-Za-z]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b[A-Z][a-z]+-[A-Z][A-Za-z]+\b")]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"ModuleVersion\s*=\s*'([^']+)'")]
    private static partial Regex Version();

    [GeneratedRegex(@"VoiceCore\.Istio\.([0-9.]+)\.zip")]
    private static partial Regex Package();

    [GeneratedRegex(@"\]\((?!https?:)([^)]+)\)")]
    private static partial Regex LocalLink();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("[a-z)`\"][.!?] +[A-Z`-]")]
    private static partial Regex SentenceEnd();
}
