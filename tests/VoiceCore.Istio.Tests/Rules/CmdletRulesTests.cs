using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every cmdlet of the module keeps to, checked for all of them at once.</summary>
public sealed partial class CmdletRulesTests
{
    private static readonly string[] Changing =
        ["New", "Set", "Install", "Uninstall", "Start", "Stop", "Resume", "Undo", "Remove", "Export", "Restart", "Enable", "Disable"];

    private static readonly Type[] CmdletTypes =
        [.. typeof(MeshCmdlet).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Cmdlet)) && !type.IsAbstract)];

    private static readonly string[] ApprovedVerbs =
    [
        .. typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.IsSealed && type.IsAbstract && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    public static TheoryData<string> Cmdlets => [.. CmdletTypes.Select(Name).Order()];

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        using var session = new ModuleSession();

        var exported = session.Run("(Get-Module VoiceCore.Istio).ExportedCmdlets.Keys").Output.Select(name => name.ToString());

        Assert.Equal(CmdletTypes.Select(Name).Order(), exported.Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_a_sealed_class_named_for_it_in_a_file_of_its_own(string cmdlet)
    {
        var type = TypeOf(cmdlet);

        Assert.True(type.IsSealed);
        Assert.Equal(cmdlet.Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "VoiceCore.Istio", "Commands"), type.Name + ".cs", SearchOption.AllDirectories));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_an_approved_verb_and_a_singular_noun(string cmdlet)
    {
        var parts = cmdlet.Split('-');

        Assert.Contains(parts[0], ApprovedVerbs);
        Assert.Matches("[a-z]$", parts[1]);
        Assert.False(parts[1].EndsWith('s') && !parts[1].EndsWith("Tls", StringComparison.Ordinal) && !parts[1].EndsWith("ss", StringComparison.Ordinal), $"{parts[1]} is a plural.");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Says_what_it_writes(string cmdlet)
    {
        var outputs = TypeOf(cmdlet).GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).ToList();

        Assert.NotEmpty(outputs);
        Assert.DoesNotContain(outputs, output => output.Type == typeof(object) || output.Type == typeof(PSObject));
        Assert.DoesNotContain(outputs, output => output.Name.StartsWith("k8s.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Asks_before_it_changes_and_only_then(string cmdlet)
    {
        var attribute = TypeOf(cmdlet).GetCustomAttribute<CmdletAttribute>()!;

        Assert.Equal(Changing.Contains(attribute.VerbName), attribute.SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Completes_contexts_and_namespaces(string cmdlet)
    {
        var completed = Parameters(cmdlet).Where(parameter => parameter.Name is "Context" or "Namespace").ToList();

        Assert.All(completed, parameter => Assert.NotEmpty(parameter.GetCustomAttributes<ArgumentCompleterAttribute>()));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Takes_no_type_of_a_library_and_no_object_as_a_parameter(string cmdlet) =>
        Assert.All(Parameters(cmdlet), parameter =>
        {
            var type = parameter.PropertyType.IsArray ? parameter.PropertyType.GetElementType()! : parameter.PropertyType;
            Assert.NotEqual(typeof(object), type);
            Assert.False(type.Namespace?.StartsWith("k8s", StringComparison.Ordinal), $"{parameter.Name} is of type {type}.");
        });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_a_help_page_with_examples_and_every_parameter(string cmdlet)
    {
        var path = Path.Combine(Repository.Root, "docs", cmdlet + ".md");
        Assert.True(File.Exists(path), $"docs/{cmdlet}.md is missing.");
        var page = File.ReadAllText(path);

        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.True(Example().Count(page) >= 3, "The page has fewer than three examples.");
        Assert.All(Parameters(cmdlet), parameter => Assert.Contains($"\n### -{parameter.Name}\n", page, StringComparison.Ordinal));
        Assert.Equal(
            Parameters(cmdlet).Select(parameter => parameter.Name).Concat(CommonParameters(cmdlet)).Order(StringComparer.Ordinal),
            ParameterHeading().Matches(page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_a_Pester_file(string cmdlet) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, "tests", "Pester", cmdlet + ".Tests.ps1")), $"tests/Pester/{cmdlet}.Tests.ps1 is missing.");

    private static string Name(Type type) =>
        type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : type.Name;

    private static Type TypeOf(string cmdlet) => CmdletTypes.Single(type => Name(type) == cmdlet);

    private static IEnumerable<PropertyInfo> Parameters(string cmdlet) =>
        TypeOf(cmdlet).GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any());

    private static string[] CommonParameters(string cmdlet) =>
        TypeOf(cmdlet).GetCustomAttribute<CmdletAttribute>()!.SupportsShouldProcess ? ["WhatIf", "Confirm"] : [];

    [GeneratedRegex("^### Example [0-9]+", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("^### -([A-Za-z]+)$", RegexOptions.Multiline)]
    private static partial Regex ParameterHeading();
}
