namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>One watch connection: a JSON object per line. It ends when the server ends it, when it breaks, or after a time.</summary>
internal sealed class WatchStream : IDisposable
{
    // The server ends the watch by itself; a connection that is still there some time later is dead.
    private const int ServerSeconds = 240;
    private const int LongestLine = 64 * 1024 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(ServerSeconds + 30);

    private readonly HttpResponseMessage _response;
    private readonly LineReader _lines;
    private readonly CancellationTokenSource _lifetime;

    private WatchStream(HttpResponseMessage response, Stream body, TimeProvider clock)
    {
        _response = response;
        _lines = new LineReader(body, LongestLine);
        _lifetime = new CancellationTokenSource(Lifetime, clock);
    }

    /// <summary>Opens the watch of a collection from a resource version on; null where the server has forgotten that version.</summary>
    internal static async Task<WatchStream?> OpenAsync(ApiTransport transport, ApiRequest list, string version, CancellationToken cancellationToken)
    {
        var request = list with
        {
            Verb = "watch",
            Query = [.. list.Query, ("watch", "1"), ("allowWatchBookmarks", "true"), ("resourceVersion", version), ("timeoutSeconds", $"{ServerSeconds}")],
        };
        var (response, answer) = await transport.OpenAsync(request, cancellationToken);
        if (response is not null)
            return new WatchStream(response, await response.Content.ReadAsStreamAsync(cancellationToken), transport.Clock);
        return answer!.StatusCode == 410 ? null : throw StatusErrors.From(request, answer, transport.Cluster);
    }

    /// <summary>The next line; null at the end, however it came.</summary>
    internal async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.Token);
        try
        {
            return await _lines.ReadAsync(linked.Token);
        }
        catch (Exception error) when (error is IOException or HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose()
    {
        _response.Dispose();
        _lifetime.Dispose();
    }
}
