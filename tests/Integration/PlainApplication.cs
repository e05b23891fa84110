using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The application of a pod without a sidecar: it answers HTTP on the pod's address, with a certificate HTTPS, and says which of both it was.
/// Whoever speaks something else is cut off.
/// </summary>
internal sealed class PlainApplication : IDisposable
{
    internal const string OverHttp = "plain application over HTTP";
    internal const string OverTls = "plain application over TLS";

    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;

    internal PlainApplication(string address, int port, bool tls = false)
    {
        _certificate = tls ? Certificate() : null;
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate?.Dispose();
    }

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
                await AnswerAsync(client.GetStream());
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The other side spoke something else, or is gone.
            }
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(_certificate);
            stream = tls;
        }

        var request = new byte[8192];
        var read = await stream.ReadAsync(request);
        if (read == 0 || !char.IsAsciiLetterUpper((char)request[0]))
            return;
        var body = _certificate is null ? OverHttp : OverTls;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=plain", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }
}
