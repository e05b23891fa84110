namespace VoiceCore.Istio.Core.Yaml;

/// <summary>Why a text cannot be read as YAML, and where. Never leaves Core: readers turn it into a finding.</summary>
internal sealed class YamlProblem(bool isLimit, string message, int line, int column) : Exception(message)
{
    /// <summary>Whether the text exceeds a bound, rather than being malformed.</summary>
    internal bool IsLimit { get; } = isLimit;

    /// <summary>Line, from 1.</summary>
    internal int Line { get; } = line;

    /// <summary>Column, from 1.</summary>
    internal int Column { get; } = column;
}
