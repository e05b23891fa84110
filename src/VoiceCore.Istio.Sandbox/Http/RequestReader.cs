using System.Globalization;
using System.Text;

namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>
/// Reads HTTP/1.1 requests (RFC 9112) from a connection, one after the other, with bounds: clients that are real, and nothing else, get through.
/// Bodies need a length; no client of Kubernetes sends chunked ones.
/// </summary>
internal sealed class RequestReader(Stream stream)
{
    private const int MaxHeadBytes = 64 * 1024;

    // The API server's own limit is 3 MiB.
    private const int MaxBodyBytes = 3 * 1024 * 1024;

    private byte[] _buffer = new byte[8 * 1024];
    private int _length;

    /// <summary>The next request; null where the client has closed the connection between two of them.</summary>
    /// <exception cref="RequestRefusedException">It is none, or too large.</exception>
    internal async Task<HttpRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_length >= MaxHeadBytes)
                throw new RequestRefusedException(431, "The request's head is too large.");
            if (await FillAsync(cancellationToken) == 0)
                return _length == 0 ? null : throw new RequestRefusedException(400, "The request ends within its head.");
        }

        var lines = Encoding.Latin1.GetString(_buffer, 0, end).Split("\r\n");
        Take(end + 4);
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, ['/', ..] target, "HTTP/1.1"])
            throw new RequestRefusedException(400, "The request line is malformed.");
        var headers = Headers(lines.AsSpan(1));
        if (headers.ContainsKey("Transfer-Encoding"))
            throw new RequestRefusedException(501, "The sandbox does not read chunked requests; send Content-Length.");

        var question = target.IndexOf('?', StringComparison.Ordinal);
        return new HttpRequest(
            method,
            question < 0 ? target : target[..question],
            Query(question < 0 ? "" : target[(question + 1)..]),
            headers,
            await BodyAsync(headers, cancellationToken));
    }

    private static Dictionary<string, string> Headers(ReadOnlySpan<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new RequestRefusedException(400, "A header is malformed.");
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return headers;
    }

    private static Dictionary<string, string> Query(string text)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            query[Unescape(equals < 0 ? pair : pair[..equals])] = equals < 0 ? "" : Unescape(pair[(equals + 1)..]);
        }

        return query;
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private async Task<byte[]> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (!headers.TryGetValue("Content-Length", out var text))
            return [];
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw new RequestRefusedException(400, "Content-Length is no number.");
        if (length > MaxBodyBytes)
            throw new RequestRefusedException(413, "The request is too large.");

        var body = new byte[length];
        var buffered = Math.Min(length, _length);
        _buffer.AsSpan(0, buffered).CopyTo(body);
        Take(buffered);
        await stream.ReadExactlyAsync(body.AsMemory(buffered), cancellationToken);
        return body;
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
        _length += read;
        return read;
    }

    private void Take(int count)
    {
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
    }
}
