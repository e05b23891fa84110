using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// The application of a pod without a sidecar that counts requests by their paths. It answers with the status that the last part of the path
/// names (<c>/x/503</c>), else with 200: <c>…/hang</c> never, and <c>…/hold</c> when it is told to.
/// </summary>
internal sealed class CountingApplication : IDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<string, int> _requests = [];
    private readonly TaskCompletionSource _released = new();
    private readonly CancellationTokenSource _over = new();

    internal CountingApplication(string address, int port)
    {
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Requests of a path so far.</summary>
    internal int Count(string path) => _requests.GetValueOrDefault(path);

    /// <summary>Answers those that wait at <c>…/hold</c>.</summary>
    internal void Release() => _released.TrySetResult();

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(), _over.Token);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken over)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                var path = (await reader.ReadLineAsync(over))?.Split(' ')[1].Split('?')[0];
                if (path is null)
                    return;
                while (await reader.ReadLineAsync(over) is { Length: > 0 })
                {
                    // The headers say nothing that matters here.
                }

                _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
                var last = path[(path.LastIndexOf('/') + 1)..];
                if (last == "hang")
                    await Task.Delay(Timeout.Infinite, over);
                if (last == "hold")
                    await _released.Task.WaitAsync(over);
                var status = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 200;
                await stream.WriteAsync(Encoding.ASCII.GetBytes(FormattableString.Invariant($"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")), over);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The caller has had enough, or the test is over.
            }
        }
    }
}
