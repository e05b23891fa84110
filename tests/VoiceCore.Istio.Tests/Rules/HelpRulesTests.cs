using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Rules.ModuleCmdlets;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every help page keeps to: it says of a cmdlet what the cmdlet is.</summary>
public sealed partial class HelpRulesTests
{
    public static TheoryData<string> Cmdlets => [.. Names];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_examples_and_every_parameter(string cmdlet)
    {
        var page = Page(cmdlet);

        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.True(Examples(page).Count() >= 3, "The page has fewer than three examples.");
        Assert.Equal(
            Parameters(cmdlet).Select(parameter => parameter.Name).Concat(CommonParameters(cmdlet)).Order(StringComparer.Ordinal),
            ParameterHeading().Matches(page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    // PlatyPS does not read a page that has them anywhere else.
    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_its_examples_in_their_section_and_in_order(string cmdlet)
    {
        var page = Page(cmdlet);
        var section = page[page.IndexOf("\n## EXAMPLES\n", StringComparison.Ordinal)..page.IndexOf("\n## PARAMETERS\n", StringComparison.Ordinal)];

        Assert.Equal(Enumerable.Range(1, ExampleHeading().Count(page)), ExampleHeading().Matches(section).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Describes_parameters_as_they_are(string cmdlet)
    {
        var page = Page(cmdlet);

        Assert.All(Parameters(cmdlet), parameter =>
        {
            var facts = page[page.IndexOf($"\n### -{parameter.Name}\n", StringComparison.Ordinal)..];
            facts = facts[facts.IndexOf("```yaml\n", StringComparison.Ordinal)..];
            facts = facts[..facts.IndexOf("\n```\n", StringComparison.Ordinal)];
            Assert.Equal(Facts(parameter), DefaultValue().Replace(facts["```yaml\n".Length..facts.IndexOf("DontShow:", StringComparison.Ordinal)], ""));
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Gives_defaults_as_they_are(string cmdlet)
    {
        var page = Page(cmdlet);
        var command = Activator.CreateInstance(TypeOf(cmdlet));

        Assert.All(Parameters(cmdlet), parameter =>
        {
            var shown = DefaultValue().Match(page, page.IndexOf($"\n### -{parameter.Name}\n", StringComparison.Ordinal)).Groups[1].Value;
            // Where the cmdlet itself has no value, Core has the default.
            if (Default(parameter.GetValue(command)) is { Length: > 0 } value)
                Assert.Equal($"{parameter.Name} {value}", $"{parameter.Name} {shown}");
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Shows_the_syntax_as_it_is(string cmdlet)
    {
        using var session = new ModuleSession();
        var syntax = session.Run($"(Get-Command {cmdlet}).ParameterSets | ForEach-Object {{ \"{cmdlet} $_\".Trim() }}").ThrowOnError().Output.Select(line => line.ToString());
        var page = Page(cmdlet);
        var shown = page[page.IndexOf("## SYNTAX", StringComparison.Ordinal)..page.IndexOf("## ALIASES", StringComparison.Ordinal)];

        Assert.Equal(syntax, Fenced().Matches(shown).Select(match => string.Join(' ', match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Calls_cmdlets_in_examples_as_they_can_be_called(string cmdlet)
    {
        using var session = new ModuleSession();
        foreach (var example in Examples(Page(cmdlet)))
        {
            var result = session.Run(
                """
                $errors = $null
                $ast = [System.Management.Automation.Language.Parser]::ParseInput($example, [ref] $null, [ref] $errors)
                $errors
                foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                    if (-not (Get-Command -Module VoiceCore.Istio -Name $call.GetCommandName() -ErrorAction Ignore)) { continue }
                    foreach ($failure in [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call).BindingExceptions.Values) { $failure.BindingException.Message }
                }
                """,
                new Dictionary<string, object?> { ["example"] = example }).ThrowOnError();

            Assert.Empty(result.Output.Select(message => $"{message} in: {example}"));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_one_sentence_in_a_line(string cmdlet)
    {
        var prose = Fence().Replace(Page(cmdlet), "");

        Assert.DoesNotContain(prose.Split('\n'), line => !line.StartsWith('|') && SentenceEnd().IsMatch(line));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_to_pages_that_are_there(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", page));

        Assert.All(Link().Matches(text), link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link.Groups[1].Value)), link.Value));
    }

    private static string Page(string cmdlet)
    {
        var path = Path.Combine(Repository.Root, "docs", cmdlet + ".md");
        Assert.True(File.Exists(path), $"docs/{cmdlet}.md is missing.");
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> Examples(string page) => Example().Matches(page).Select(match => match.Groups[1].Value);

    private static string[] CommonParameters(string cmdlet) =>
        TypeOf(cmdlet).GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess ? ["WhatIf", "Confirm"] : [];

    // In the order and words of the PlatyPS schema.
    private static string Facts(PropertyInfo parameter)
    {
        var text = new StringBuilder();
        text.Append($"Type: {TypeName(parameter.PropertyType)}\n");
        text.Append($"SupportsWildcards: {Word(parameter.GetCustomAttribute<SupportsWildcardsAttribute>() is not null)}\n");
        var aliases = parameter.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? [];
        text.Append(aliases.Count == 0 ? "Aliases: []\n" : $"Aliases:\n{string.Concat(aliases.Select(alias => $"- {alias}\n"))}");
        text.Append("ParameterSets:\n");
        foreach (var set in parameter.GetCustomAttributes<ParameterAttribute>().OrderBy(set => set.ParameterSetName, StringComparer.Ordinal))
        {
            text.Append($"- Name: {(set.ParameterSetName == ParameterAttribute.AllParameterSets ? "(All)" : set.ParameterSetName)}\n");
            text.Append($"  Position: {(set.Position < 0 ? "Named" : $"{set.Position}")}\n");
            text.Append($"  IsRequired: {Word(set.Mandatory)}\n");
            text.Append($"  ValueFromPipeline: {Word(set.ValueFromPipeline)}\n");
            text.Append($"  ValueFromPipelineByPropertyName: {Word(set.ValueFromPipelineByPropertyName)}\n");
            text.Append("  ValueFromRemainingArguments: false\n");
        }

        return text.ToString();
    }

    private static string TypeName(Type type) => Nullable.GetUnderlyingType(type) is { } value ? $"System.Nullable`1[{value}]" : type.ToString();

    private static string Default(object? value) => value switch
    {
        null or 0 or 0d => "",
        SwitchParameter => "False",
        string[] texts => string.Join(", ", texts.Select(text => text == "*" ? "'*'" : text)),
        // All values of an enumeration.
        Array => "",
        TimeSpan span => span == TimeSpan.Zero ? "" : Core.Definition.MeshDuration.Format(span),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Word(bool value) => value ? "true" : "false";

    [GeneratedRegex("^### Example [0-9]+: [^\n]*\n\n```powershell\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("^### Example ([0-9]+):", RegexOptions.Multiline)]
    private static partial Regex ExampleHeading();

    [GeneratedRegex("^### -([A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex ParameterHeading();

    [GeneratedRegex("^DefaultValue: (.*)\n", RegexOptions.Multiline)]
    private static partial Regex DefaultValue();

    [GeneratedRegex("^```\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("[a-z)`\"][.!?] +[A-Z`-]")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("\\]\\(([A-Za-z_-]+\\.md)\\)")]
    private static partial Regex Link();
}
