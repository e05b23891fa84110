using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>An HTTP/1.1 server on the loopback that answers every request with a version, and notes what it was sent.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly Func<string, int> _status;

    internal LoopbackServer(X509Certificate2? certificate = null, Func<string, int>? status = null)
    {
        _certificate = certificate;
        _status = status ?? (_ => 200);
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Request line and headers of each request.</summary>
    internal ConcurrentQueue<string> Requests { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    stream = secure;
                }

                var request = await HeadAsync(stream);
                if (request.Length == 0)
                    return;
                Requests.Enqueue(request);
                const string Body = "{\"gitVersion\":\"v1.32.4\"}";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 {_status(request)} X\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
                await stream.FlushAsync();
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client did not like what it saw.
            }
        }
    }

    private static async Task<string> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) > 0)
            head.Append((char)buffer[0]);
        return head.ToString();
    }
}
