using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>An answer of the API server.</summary>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">When to come again, where the server says so.</param>
internal sealed record ApiAnswer(int StatusCode, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter)
{
    // The schemas in CustomResourceDefinitions are the deepest objects: two levels of JSON for each level of the schema.
    internal static readonly JsonDocumentOptions Limits = new() { MaxDepth = 256 };

    internal bool Succeeded => StatusCode is >= 200 and < 300;

    /// <summary>The body as an object; throws <see cref="JsonException"/> where it is none.</summary>
    internal JsonObject Json() => JsonNode.Parse(Body.Span, nodeOptions: null, Limits) as JsonObject ?? throw new JsonException("not a JSON object");
}
