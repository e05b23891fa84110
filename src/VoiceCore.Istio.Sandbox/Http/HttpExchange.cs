using System.Globalization;
using System.Text;

namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>A request and the way to answer it: whole (<see cref="SendAsync"/>), or as a stream of chunks that ends the connection.</summary>
public sealed class HttpExchange
{
    private readonly Stream _stream;

    internal HttpExchange(HttpRequest request, Stream stream)
    {
        Request = request;
        _stream = stream;
    }

    /// <summary>What was asked.</summary>
    public HttpRequest Request { get; }

    /// <summary>The status that was answered; 0 as long as there is none.</summary>
    public int StatusCode { get; private set; }

    /// <summary>Told of the answer's status before the client gets to see it.</summary>
    internal Action<int>? Answering { get; set; }

    /// <summary>True where the answer is a stream: the connection takes no other request after it.</summary>
    internal bool IsStream { get; private set; }

    /// <summary>Answers with a whole body.</summary>
    public async Task SendAsync(int statusCode, string contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        Begin(statusCode);
        var head = Head(statusCode, contentType, [("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture)), .. headers]);
        await _stream.WriteAsync((byte[])[.. head, .. body.Span], cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <summary>Begins an answer whose end is not known, such as a watch's. <see cref="WriteAsync"/> follows, then <see cref="EndAsync"/>.</summary>
    public async Task StartStreamAsync(string contentType, CancellationToken cancellationToken)
    {
        Begin(200);
        IsStream = true;
        await _stream.WriteAsync(Head(200, contentType, [("Transfer-Encoding", "chunked"), ("Connection", "close")]), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <summary>Sends one piece of a stream at once.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        // A chunk without bytes would end the stream.
        if (piece.IsEmpty)
            return;
        var size = Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await _stream.WriteAsync((byte[])[.. size, .. piece.Span, .. "\r\n"u8], cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <summary>Ends a stream in good order.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    /// <summary>Cancelled when the client closes the connection. To be asked for once, for a stream only: it reads what else would come.</summary>
    public CancellationToken WatchForClose(CancellationToken cancellationToken)
    {
        var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var read = _stream.ReadAsync(new byte[1], cancellationToken).AsTask();
        var token = closed.Token;
        _ = read.ContinueWith(_ => End(closed), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return token;
    }

    // Not disposed, it would stay known to the server's token for as long as the server runs.
    private static void End(CancellationTokenSource closed)
    {
        closed.Cancel();
        closed.Dispose();
    }

    private void Begin(int statusCode)
    {
        StatusCode = statusCode;
        Answering?.Invoke(statusCode);
    }

    private static byte[] Head(int statusCode, string contentType, IEnumerable<(string Name, string Value)> headers)
    {
        var head = new StringBuilder();
        // The reason phrase may be empty (RFC 9112, section 4); no client reads it.
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {statusCode} \r\nContent-Type: {contentType}\r\nCache-Control: no-cache, private\r\n");
        foreach (var (name, value) in headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }
}
