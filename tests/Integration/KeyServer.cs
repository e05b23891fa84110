using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace VoiceCore.Istio.Integration;

/// <summary>An issuer of tokens: its public key over HTTP, and tokens signed with the private one.</summary>
internal sealed class KeyServer : IDisposable
{
    internal const string Issuer = "https://login.example/";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RSA _key = RSA.Create(2048);

    internal KeyServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    internal string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/keys");

    internal string Token(string tenant)
    {
        var expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        var signed = $"{Encode(Encoding.UTF8.GetBytes("""{"alg":"RS256","kid":"1"}"""))}.{Encode(Encoding.UTF8.GetBytes($$"""{"iss":"{{Issuer}}","sub":"user","tenant":"{{tenant}}","exp":{{expiry}}}"""))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public void Dispose()
    {
        _listener.Dispose();
        _key.Dispose();
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private async Task ServeAsync()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        var body = $$"""{"keys":[{"kty":"RSA","kid":"1","alg":"RS256","use":"sig","n":"{{Encode(key.Modulus!)}}","e":"{{Encode(key.Exponent!)}}"}]}""";
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(), answer);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task AnswerAsync(TcpClient client, byte[] answer)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // The request says nothing that matters here.
                }

                await stream.WriteAsync(answer);
            }
            catch (IOException)
            {
                // The other side is gone; the next one is answered all the same.
            }
        }
    }
}
