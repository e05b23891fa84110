using System.Globalization;
using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Definition;

/// <summary>Kubernetes quantities, as far as CPU and memory use them: <c>100m</c>, <c>1.5</c>, <c>512Mi</c>, <c>1G</c>.</summary>
internal static partial class ResourceQuantity
{
    private static readonly Dictionary<string, decimal> Units = new(StringComparer.Ordinal)
    {
        ["m"] = 0.001m, [""] = 1, ["k"] = 1e3m, ["M"] = 1e6m, ["G"] = 1e9m, ["T"] = 1e12m,
        ["Ki"] = 1024m, ["Mi"] = 1024m * 1024, ["Gi"] = 1024m * 1024 * 1024, ["Ti"] = 1024m * 1024 * 1024 * 1024,
    };

    /// <summary>The value in whole units (cores, bytes); null where the text is no quantity.</summary>
    internal static decimal? TryParse(string text)
    {
        var match = Pattern().Match(text);
        return match.Success
            ? decimal.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Units[match.Groups[2].Value]
            : null;
    }

    [GeneratedRegex("^([0-9]{1,9}(?:\\.[0-9]{1,3})?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?\\z")]
    private static partial Regex Pattern();
}
