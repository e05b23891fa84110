using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// The <c>Status</c> object of an answer that is no success
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). A proxy's plain text counts as its message.
/// </summary>
/// <param name="Reason">Such as <c>AlreadyExists</c>; empty where the server gives none.</param>
/// <param name="Message">The server's own words.</param>
/// <param name="Continue">For an expired list: the token that continues it at the present state.</param>
/// <param name="Causes">Reason, field and message of each cause.</param>
internal sealed record ApiStatus(string Reason, string Message, string? Continue, IReadOnlyList<(string Reason, string Field, string Message)> Causes)
{
    private const int LongestText = 500;

    /// <summary>True where the body is a Status object, not the text of something on the way.</summary>
    public bool FromApiServer { get; private init; }

    /// <summary>The fields that other managers own, of a refused server-side apply.</summary>
    internal IReadOnlyList<FieldConflict> Conflicts => Causes
        .Where(cause => cause.Reason == "FieldManagerConflict")
        .Select(cause => new FieldConflict(Manager(cause.Message), cause.Field))
        .ToArray();

    /// <summary>True where server-side apply met a field that the schema does not know, which the API server answers with 500.</summary>
    internal bool IsUnknownField => Message.Contains("field not declared in schema", StringComparison.Ordinal);

    internal static ApiStatus Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (JsonNode.Parse(body.Span, nodeOptions: null, ApiAnswer.Limits) is JsonObject json && Text(json["kind"]) == "Status")
                return From(json);
        }
        catch (JsonException)
        {
            // Not the API server's own answer.
        }

        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestText)]).Trim();
        return new("", text.Length == 0 ? "the answer has no text" : text, null, []);
    }

    internal static ApiStatus From(JsonObject json) => new(
        Text(json["reason"]),
        Text(json["message"]),
        json["metadata"] is JsonObject metadata && Text(metadata["continue"]) is { Length: > 0 } token ? token : null,
        ((json["details"] as JsonObject)?["causes"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(cause => (Text(cause["reason"]), Text(cause["field"]), Text(cause["message"])))
            .ToArray())
    {
        FromApiServer = true,
    };

    // conflict with "manager" with subresource "scale" using apps/v1 at 2026-11-24T06:11:52Z
    private static string Manager(string message) =>
        message.Split('"') is [_, var manager, ..] ? manager : message;

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
