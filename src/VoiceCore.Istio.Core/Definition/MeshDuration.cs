using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>
/// Durations as Kubernetes and Istio write them (Go's <c>time.ParseDuration</c>, without sign and below milliseconds):
/// <c>30s</c>, <c>1m30s</c>, <c>2160h</c>, <c>1.5h</c>, <c>250ms</c>.
/// </summary>
public static partial class MeshDuration
{
    // Longer than any setting of the mesh, and far from TimeSpan's own limit.
    private const double MaxMilliseconds = 1000d * 60 * 60 * 24 * 365 * 100;

    /// <summary>Reads a duration of whole milliseconds; null where the text is none, or is longer than a hundred years.</summary>
    public static TimeSpan? TryParse(string? text)
    {
        var match = Pattern().Match(text ?? "");
        if (!match.Success || match.Length == 0)
            return null;

        var milliseconds =
            Part(match, "h") * 3_600_000m + Part(match, "m") * 60_000m + Part(match, "s") * 1000m + Part(match, "ms");
        return milliseconds == decimal.Truncate(milliseconds) && milliseconds <= (decimal)MaxMilliseconds
            ? TimeSpan.FromTicks((long)milliseconds * TimeSpan.TicksPerMillisecond)
            : null;
    }

    /// <summary>Reads a duration.</summary>
    /// <exception cref="MeshException"><c>DurationInvalid</c>.</exception>
    public static TimeSpan Parse(string text) => TryParse(text) ?? throw DefinitionErrors.DurationInvalid(text);

    /// <summary>
    /// Writes a duration in hours, minutes and seconds, leaving out what is zero: <c>1m30s</c>, <c>7.5s</c>; below a second in milliseconds:
    /// <c>250ms</c>; <c>0s</c> for none.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        if (duration > TimeSpan.Zero && duration < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{duration.Milliseconds}ms");

        var seconds = TimeSpan.FromTicks(duration.Ticks % TimeSpan.TicksPerMinute);
        var text = new StringBuilder();
        Append(text, (long)duration.TotalHours, "h");
        Append(text, duration.Minutes, "m");
        if (seconds > TimeSpan.Zero || text.Length == 0)
            text.Append(FormatSeconds(seconds));
        return text.ToString();
    }

    /// <summary>
    /// Writes a duration in seconds, such as <c>7.5s</c>: the form of a protobuf duration in JSON, which every reader of Istio's resources knows.
    /// </summary>
    public static string FormatSeconds(TimeSpan duration) =>
        ((decimal)duration.Ticks / TimeSpan.TicksPerSecond).ToString("0.###", CultureInfo.InvariantCulture) + "s";

    private static void Append(StringBuilder text, long value, string unit)
    {
        if (value != 0)
            text.Append(CultureInfo.InvariantCulture, $"{value}{unit}");
    }

    private static decimal Part(Match match, string unit) =>
        match.Groups[unit].Success ? decimal.Parse(match.Groups[unit].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?:(?<h>[0-9]{1,12}(?:\.[0-9]{1,9})?)h)?(?:(?<m>[0-9]{1,12}(?:\.[0-9]{1,9})?)m)?(?:(?<s>[0-9]{1,12}(?:\.[0-9]{1,9})?)s)?(?:(?<ms>[0-9]{1,12})ms)?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
