using System.Management.Automation.Language;

namespace VoiceCore.Istio.Host;

/// <summary>One argument of a script: a parameter's name with its dash, a value, or both.</summary>
internal sealed record ScriptArgument(string? Name, string? Value)
{
    /// <summary>The argument as PowerShell text that means exactly this: values are quoted, so nothing in them is evaluated.</summary>
    internal string ToScript() => (Name, Value) switch
    {
        (null, _) => Quote(Value!),
        (_, null) => Name,
        _ => $"{Name}:{(IsBoolean(Value) ? Value : Quote(Value))}",
    };

    internal static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    // A switch is turned off as in pwsh: -Name:$false.
    private static bool IsBoolean(string value) =>
        value.Equals("$true", StringComparison.OrdinalIgnoreCase) || value.Equals("$false", StringComparison.OrdinalIgnoreCase);
}
