using System.Globalization;
using System.Text.Json;
using VoiceCore.Istio.Core.Istioctl;
using VoiceCore.Istio.Core.Snapshot.Reading;

namespace VoiceCore.Istio.Core.Findings;

/// <summary>What <c>istioctl analyze -o json</c> found, as findings.</summary>
public static class AnalyzerFindings
{
    /// <summary>The <see cref="Finding.Source"/> of these findings.</summary>
    public const string Source = "istioctl";

    private const string DefaultNamespace = "default";

    /// <summary>The findings of an output; none where it holds no list of messages.</summary>
    public static IReadOnlyList<Finding> Parse(string output)
    {
        using var messages = IstioctlOutput.JsonList(output);
        return messages is null ? [] : messages.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => Read(JsonTree.Parse(item.GetRawText()))).ToArray();
    }

    /// <summary>The module's findings and those of istioctl that none of them means: same object, and a code that means the same.</summary>
    public static IReadOnlyList<Finding> Merge(IReadOnlyList<Finding> own, IReadOnlyList<Finding> analyzed)
    {
        var said = own
            .SelectMany(finding => (FindingCatalog.Find(finding.Code)?.SameAs ?? []).Select(code => (code, finding.Subject)))
            .ToHashSet();
        return MeshCheck.Sort(own.Concat(analyzed.Where(finding => !said.Contains((finding.Code, finding.Subject)))));
    }

    private static Finding Read(JsonTree message)
    {
        var severity = message.Text("level") switch { "Error" => FindingSeverity.Error, "Warning" => FindingSeverity.Warning, _ => FindingSeverity.Info };
        var (path, line) = Place(message.Text("reference", ""));
        return new Finding(
            message.Text("code", ""), severity, message.Text("message", ""), "An analyzer of Istio says so.", "The page of the code says what to change.")
        {
            Subject = Subject(message.Text("origin", "")),
            Path = path,
            Line = line,
            Link = Uri.TryCreate(message.Text("documentationUrl"), UriKind.Absolute, out var link) ? link : null,
            Source = Source,
        };
    }

    // An object that names no namespace is in the one that kubectl would take; objects without one have no slash either way.
    private static string Subject(string origin) => origin.Split(' ', 2) switch
    {
        [var kind, var name] when !name.Contains('/') && kind is not ("Namespace" or "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" or "CustomResourceDefinition" or "GatewayClass" or "Node")
            => $"{kind} {DefaultNamespace}/{name}",
        _ => origin,
    };

    // The last colon is before the line: a path of Windows has another one.
    private static (string? Path, int Line) Place(string reference)
    {
        var colon = reference.LastIndexOf(':');
        return colon > 0 && int.TryParse(reference.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? (reference[..colon], line)
            : (reference.Length == 0 ? null : reference, 0);
    }
}
