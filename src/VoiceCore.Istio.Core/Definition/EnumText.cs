using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Enumerations as Istio writes them: <c>LeastRequest</c> is <c>LEAST_REQUEST</c>.</summary>
internal static partial class EnumText
{
    internal static string Text<T>(this T value)
        where T : struct, Enum => Boundary().Replace(value.ToString(), "_").ToUpperInvariant();

    internal static T? TryParse<T>(string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.Text() == text)
                return value;
        }

        return null;
    }

    internal static string Choices<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Text));

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Boundary();
}
