using System.Text;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>One request to the API server, in a form that can be sent again.</summary>
/// <param name="Verb">What it does, in the words of Kubernetes' authorization: get, list, watch, create, apply, patch, delete.</param>
/// <param name="Path">The path relative to the server's address, without a leading slash.</param>
/// <param name="Subject">What it is about, for messages: <c>DestinationRule voicecore-ai/tenant</c>.</param>
internal sealed record ApiRequest(string Verb, string Path, string Subject)
{
    /// <summary>The time that one try may take, webhooks included: the API server itself gives up after 60 seconds.</summary>
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(70);

    /// <summary>The object or the collection that an error is about.</summary>
    public object? Target { get; init; }

    /// <summary>The HTTP method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The query's names and values; those with a null value are left out.</summary>
    public IReadOnlyList<(string Name, string? Value)> Query { get; init; } = [];

    /// <summary>The body, UTF-8.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media types that can be read.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The time that one try may take.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>True where doing it twice does no more than doing it once: it may be sent again although it may have been done.</summary>
    public bool Idempotent { get; init; } = true;

    /// <summary>A message to send; a new one for each try.</summary>
    internal HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, PathAndQuery()) { Version = System.Net.HttpVersion.Version20 };
        message.Headers.TryAddWithoutValidation("Accept", Accept);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        return message;
    }

    internal string PathAndQuery()
    {
        var text = new StringBuilder(Path);
        var separator = '?';
        foreach (var (name, value) in Query)
        {
            if (value is null)
                continue;
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return text.ToString();
    }
}
