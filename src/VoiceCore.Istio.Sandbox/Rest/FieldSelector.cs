using System.Text.Json.Nodes;
using VoiceCore.Istio.Sandbox.Api;

namespace VoiceCore.Istio.Sandbox.Rest;

/// <summary>A field selector (https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/) of the fields that the sandbox knows.</summary>
internal sealed class FieldSelector
{
    private static readonly string[] Known =
        ["metadata.name", "metadata.namespace", "status.phase", "spec.nodeName", "type", "involvedObject.name", "involvedObject.namespace", "involvedObject.kind"];

    private readonly IReadOnlyList<(string[] Path, string Value, bool Equal)> _requirements;

    private FieldSelector(IReadOnlyList<(string[] Path, string Value, bool Equal)> requirements) => _requirements = requirements;

    /// <exception cref="ApiException">400: a requirement is malformed or about a field that is not known.</exception>
    internal static FieldSelector Parse(string? text) =>
        new((text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Requirement).ToArray());

    internal bool Matches(JsonObject json) => _requirements.All(requirement => (Value(json, requirement.Path) == requirement.Value) == requirement.Equal);

    private static (string[] Path, string Value, bool Equal) Requirement(string text)
    {
        var equal = !text.Contains("!=", StringComparison.Ordinal);
        if (text.Split(equal ? ["==", "="] : ["!="], 2, StringSplitOptions.TrimEntries) is not [var field, var value])
            throw ApiErrors.BadRequest($"invalid field selector: '{text}'");
        if (!Known.Contains(field))
            throw ApiErrors.BadRequest($"field label not supported: {field}");
        return (field.Split('.'), value, equal);
    }

    private static string Value(JsonNode? node, string[] path)
    {
        foreach (var name in path)
            node = (node as JsonObject)?[name];
        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
    }
}
