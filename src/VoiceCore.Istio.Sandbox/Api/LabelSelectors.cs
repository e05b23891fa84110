using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Storage;

namespace VoiceCore.Istio.Sandbox.Api;

/// <summary>
/// Evaluates label selectors as the API server does
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements).
/// </summary>
internal static class LabelSelectors
{
    /// <summary>Whether labels satisfy a selector; one that is not there or empty takes everything.</summary>
    internal static bool Matches(JsonNode? selector, IReadOnlyDictionary<string, string> labels) =>
        Has(selector.TextMap("matchLabels"), labels)
        && selector.List("matchExpressions").All(expression => Holds(expression, labels));

    /// <summary>Whether every one of the wanted labels is there.</summary>
    internal static bool Has(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels) =>
        wanted.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static bool Holds(JsonObject expression, IReadOnlyDictionary<string, string> labels)
    {
        var exists = labels.TryGetValue(expression.Text("key") ?? "", out var value);
        return expression.Text("operator") switch
        {
            "In" => exists && expression.Texts("values").Contains(value),
            "NotIn" => !exists || !expression.Texts("values").Contains(value),
            "Exists" => exists,
            "DoesNotExist" => !exists,
            _ => false,
        };
    }
}
