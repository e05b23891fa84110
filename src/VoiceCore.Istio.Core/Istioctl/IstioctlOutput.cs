using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VoiceCore.Istio.Core.Istioctl;

/// <summary>Reads what istioctl prints. Its log goes to standard output, before and between the results that were asked for.</summary>
internal static partial class IstioctlOutput
{
    private const int LongestReason = 1000;

    /// <summary>The first JSON object of the output, log lines before it and text behind it left out; null where there is none.</summary>
    internal static JsonObject? Json(string output)
    {
        var start = JsonStart().Match(output);
        if (!start.Success)
            return null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output[start.Index..]));
            return JsonNode.Parse(ref reader) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first JSON list of the output, what stands around it left out; null where there is none.</summary>
    internal static JsonDocument? JsonList(string output)
    {
        var start = ListStart().Match(output);
        if (!start.Success)
            return null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output[start.Index..]));
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The output without log lines.</summary>
    internal static string WithoutLog(string output) => LogLine().Replace(output, "");

    /// <summary>True for a line that a person wants to see: words, not the drawing that <c>install</c> begins with.</summary>
    internal static bool IsProgress(string line) => line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith("✔ ", StringComparison.Ordinal);

    /// <summary>Why it failed: what follows the last <c>Error:</c>, else the last lines.</summary>
    internal static string Reason(string standardError)
    {
        var text = standardError.TrimEnd();
        var error = text.LastIndexOf("Error: ", StringComparison.Ordinal);
        if (error >= 0)
            text = text[(error + "Error: ".Length)..];
        else
            text = string.Join('\n', text.Split('\n').TakeLast(5));
        return text.Length > LongestReason ? "…" + text[^LongestReason..] : text;
    }

    [GeneratedRegex(@"^\[", RegexOptions.Multiline)]
    private static partial Regex ListStart();

    [GeneratedRegex(@"^\{", RegexOptions.Multiline)]
    private static partial Regex JsonStart();

    // 2026-11-24T06:00:27.317557Z<tab>error<tab>port forward failed: …
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T[\d:.]+Z\t(?:debug|info|warn|error|fatal)\t.*(?:\n|\z)", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}
