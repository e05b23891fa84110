using System.Globalization;

namespace VoiceCore.Istio.Core.Snapshot.Reading;

/// <summary>Durations as Go's <c>time.ParseDuration</c> reads them: <c>30s</c>, <c>1m30s</c>, <c>1.5h</c>, <c>500ms</c>.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, double Milliseconds)[] Units =
        [("ms", 1), ("us", 0.001), ("µs", 0.001), ("ns", 0.000001), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    internal static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        if (rest is "0")
            return true;
        if (rest.IsEmpty)
            return false;

        double milliseconds = 0;
        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
                digits++;
            if (digits == 0 || digits == rest.Length || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
                return false;
            rest = rest[digits..];
            var known = false;
            foreach (var (unit, factor) in Units)
            {
                if (!rest.StartsWith(unit, StringComparison.Ordinal))
                    continue;
                milliseconds += amount * factor;
                rest = rest[unit.Length..];
                known = true;
                break;
            }

            if (!known)
                return false;
        }

        if (milliseconds > TimeSpan.MaxValue.TotalMilliseconds)
            return false;
        duration = TimeSpan.FromTicks((long)Math.Round((negative ? -milliseconds : milliseconds) * TimeSpan.TicksPerMillisecond));
        return true;
    }
}
