using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using VoiceCore.Istio.Tests.Engine;
using static VoiceCore.Istio.Tests.Rules.ModuleCmdlets;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>What every cmdlet of the module keeps to, checked for all of them at once.</summary>
public sealed class CmdletRulesTests
{
    private static readonly string[] Changing =
        ["New", "Set", "Install", "Uninstall", "Start", "Stop", "Resume", "Undo", "Remove", "Export", "Restart", "Enable", "Disable"];

    private static readonly string[] ApprovedVerbs =
    [
        .. typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.IsSealed && type.IsAbstract && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    private static readonly string[] Completed = ["Context", "Namespace", "Service", "Workload", "Revision", "Client", "Id", "From", "To", "Caller", "AssumeStrict"];

    // Of something that is not there yet.
    private static readonly string[] NewNames = ["New-MeshDefinition -Service", "Export-VoiceCoreMesh -Revision"];

    public static TheoryData<string> Cmdlets => [.. Names];

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_there_are()
    {
        using var session = new ModuleSession();

        var exported = session.Run("(Get-Module VoiceCore.Istio).ExportedCmdlets.Keys").Output.Select(name => name.ToString());

        Assert.Equal(Names, exported.Order());
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
    public void Completes_names_of_what_is_there(string cmdlet)
    {
        var named = Parameters(cmdlet).Where(parameter => Completed.Contains(parameter.Name) && !NewNames.Contains($"{cmdlet} -{parameter.Name}")
            && (parameter.PropertyType == typeof(string) || parameter.PropertyType == typeof(string[]))).ToList();

        Assert.All(named, parameter => Assert.True(parameter.GetCustomAttributes<ArgumentCompleterAttribute>().Any(), $"{parameter.Name} has no completer."));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Takes_objects_from_the_pipeline(string cmdlet) =>
        Assert.Contains(Parameters(cmdlet), parameter => parameter.GetCustomAttributes<ParameterAttribute>().Any(attribute => attribute.ValueFromPipeline || attribute.ValueFromPipelineByPropertyName));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Writes_objects_that_nobody_changes(string cmdlet)
    {
        foreach (var type in OwnOutputs(cmdlet))
        {
            Assert.All(type.GetProperties(), property =>
            {
                var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) != false;
                Assert.True(property.SetMethod?.IsPublic != true || isInit, $"{type.Name}.{property.Name} can be set.");
                Assert.False(IsMutableList(property.PropertyType), $"{type.Name}.{property.Name} is a list that can be changed.");
            });
            Assert.Empty(type.GetFields(BindingFlags.Public | BindingFlags.Instance));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Has_a_view_for_what_it_writes(string cmdlet) =>
        Assert.All(OwnOutputs(cmdlet), type => Assert.Contains(type.FullName, FormatViews.All.Where(view => !view.IsWide).Select(view => view.TypeName)));

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
    public void Has_a_Pester_file(string cmdlet) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, "tests", "Pester", cmdlet + ".Tests.ps1")), $"tests/Pester/{cmdlet}.Tests.ps1 is missing.");

    private static IEnumerable<Type> OwnOutputs(string cmdlet) =>
        TypeOf(cmdlet).GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).Select(output => output.Type)
            .Where(type => type.Namespace?.StartsWith("VoiceCore.", StringComparison.Ordinal) == true);

    private static bool IsMutableList(Type type) =>
        type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(List<>) || generic == typeof(IList<>) || generic == typeof(Dictionary<,>) || generic == typeof(IDictionary<,>)));
}
