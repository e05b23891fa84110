using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>
/// An HTTPS server on a free port of 127.0.0.1. Plain sockets: it runs inside of PowerShell, which does not bring ASP.NET Core.
/// One task a connection; a failure ends its connection and nothing else.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly SslServerAuthenticationOptions _tls;
    private readonly Func<HttpExchange, CancellationToken, Task> _handle;
    private readonly Task _accepting;

    /// <summary>Listens from now on. <paramref name="handle"/> answers each request; what it throws ends the connection.</summary>
    internal HttpServer(X509Certificate2 certificate, Func<HttpExchange, CancellationToken, Task> handle)
    {
        // Once for all connections, and offline: Windows would look for an authority that it does not know on the internet, and wait.
        _tls = new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true) };
        _handle = handle;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    internal Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Closes the port and every connection, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var connection = Task.Run(() => ServeAsync(client));
                _connections[connection] = true;
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (SocketException)
            {
                // The client was gone before it was accepted, which Windows tells here; or the port is closed.
            }
            catch (Exception error) when (error is InvalidOperationException or OperationCanceledException)
            {
                // The port is closed; between two accepts it says so with InvalidOperationException.
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await using var stream = new SslStream(client.GetStream());
                using (var handshake = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
                {
                    handshake.CancelAfter(HandshakeTimeout);
                    await stream.AuthenticateAsServerAsync(_tls, handshake.Token);
                }

                await AnswerAsync(stream);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException or CryptographicException or ObjectDisposedException or ConnectionAbortedException)
            {
                // The client is gone, is none, or is to find the connection broken.
            }
        }
    }

    private async Task AnswerAsync(SslStream stream)
    {
        var requests = new RequestReader(stream);
        try
        {
            while (await requests.ReadAsync(_stop.Token) is { } request)
            {
                var exchange = new HttpExchange(request, stream);
                await _handle(exchange, _stop.Token);
                if (exchange.IsStream || request.Header("Connection").Equals("close", StringComparison.OrdinalIgnoreCase))
                    return;
            }
        }
        catch (RequestRefusedException refused)
        {
            var exchange = new HttpExchange(new HttpRequest("", "", new Dictionary<string, string>(), new Dictionary<string, string>(), default), stream);
            await exchange.SendAsync(refused.StatusCode, "text/plain", Encoding.UTF8.GetBytes(refused.Message), _stop.Token, ("Connection", "close"));
        }
    }
}
