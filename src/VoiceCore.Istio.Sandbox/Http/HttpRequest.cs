namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>One request as it was read.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Path">The path, still escaped, without the query.</param>
/// <param name="Query">The query's values, unescaped; of a key that is given twice, the last.</param>
/// <param name="Headers">The headers; names in any case.</param>
/// <param name="Body">The body; empty where there is none.</param>
public sealed record HttpRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Query,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>The header's value; empty where it is missing.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>The query's value; null where it is missing.</summary>
    public string? Argument(string name) => Query.GetValueOrDefault(name);
}
