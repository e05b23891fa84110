using System.Globalization;
using VoiceCore.Istio.Core.Yaml;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>How findings speak of the values of a definition.</summary>
internal static class ValueText
{
    private const int MaxLength = 60;

    /// <summary>What stands where something else was expected.</summary>
    internal static string Describe(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "empty",
        YamlScalar { IsPlain: false } scalar => $"the text \"{Shorten(scalar.Text)}\"",
        YamlScalar scalar => $"'{Shorten(scalar.Text)}'",
        YamlSequence => "a list",
        _ => "a mapping",
    };

    /// <summary>What is expected, with its bounds.</summary>
    internal static string Range<T>(string expected, T minimum, T maximum) =>
        string.Create(CultureInfo.InvariantCulture, $"{expected} from {minimum} to {maximum}");

    /// <summary>A text that fits into a line.</summary>
    internal static string Shorten(string text) => text.Length <= MaxLength ? text : text[..(MaxLength - 3)] + "...";
}
