using System.Net.WebSockets;
using System.Text;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>
/// One forwarded port as a stream. Each message of the WebSocket begins with its channel: 0 carries data, 1 the error text of the
/// other side; the first message of each channel holds the port in two bytes and nothing else. KubernetesClient's StreamDemuxer
/// blocks a thread for each reader, cannot be cancelled, and leaves the error channel to be read apart.
/// </summary>
internal sealed class PortForwardStream(WebSocket socket) : Stream
{
    /// <summary>The subprotocol of the messages described above.</summary>
    internal const string Protocol = "v4.channel.k8s.io";

    private const byte DataChannel = 0;
    private const byte ErrorChannel = 1;
    private const int PortBytes = 2;

    private readonly byte[] _message = new byte[64 * 1024];
    private readonly StringBuilder _error = new();
    private readonly int[] _toSkip = [PortBytes, PortBytes];
    private ReadOnlyMemory<byte> _unread;
    private byte? _channel;

    /// <summary>What the other side told on the error channel; null where it told nothing.</summary>
    internal string? Error => _error.Length == 0 ? null : _error.ToString();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_unread.IsEmpty)
        {
            if (!await ReceiveAsync(cancellationToken))
                return 0;
        }

        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var message = new byte[buffer.Length + 1];
        message[0] = DataChannel;
        buffer.CopyTo(message.AsMemory(1));
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    // Takes one piece of a message; false at the end of the connection or once the other side has told an error.
    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult received;
        try
        {
            received = await socket.ReceiveAsync(_message.AsMemory(), cancellationToken);
        }
        catch (WebSocketException error)
        {
            throw new IOException(error.Message, error);
        }

        if (received.MessageType == WebSocketMessageType.Close)
            return false;
        var piece = _message.AsMemory(0, received.Count);
        if (_channel is null && !piece.IsEmpty)
        {
            _channel = piece.Span[0];
            piece = piece[1..];
        }

        if (_channel is DataChannel or ErrorChannel)
            Take(_channel.Value, piece);
        if (received.EndOfMessage)
            _channel = null;
        return _error.Length == 0 || !_unread.IsEmpty;
    }

    private void Take(byte channel, ReadOnlyMemory<byte> piece)
    {
        var skipped = Math.Min(_toSkip[channel], piece.Length);
        _toSkip[channel] -= skipped;
        piece = piece[skipped..];
        if (channel == DataChannel)
            _unread = piece;
        else
            _error.Append(Encoding.UTF8.GetString(piece.Span));
    }
}
