using System.Management.Automation;
using System.Reflection;
using VoiceCore.Istio.Abstractions;

namespace VoiceCore.Istio.Tests.Rules;

/// <summary>The cmdlets of the module, as reflection sees them.</summary>
internal static class ModuleCmdlets
{
    private static readonly Dictionary<string, Type> Types =
        typeof(MeshCmdlet).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Cmdlet)) && !type.IsAbstract).ToDictionary(Name);

    /// <summary>Their names, in order.</summary>
    internal static IEnumerable<string> Names => Types.Keys.Order();

    internal static Type TypeOf(string cmdlet) => Types[cmdlet];

    /// <summary>The parameters of a cmdlet's own, without those that PowerShell adds.</summary>
    internal static IEnumerable<PropertyInfo> Parameters(string cmdlet) =>
        TypeOf(cmdlet).GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any());

    private static string Name(Type type) =>
        type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet ? $"{cmdlet.VerbName}-{cmdlet.NounName}" : type.Name;
}
