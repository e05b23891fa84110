using System.Net;
using System.Text;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>An API server that answers one request after the other as a test says, and notes them.</summary>
internal sealed class ScriptedServer : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    internal static ClusterConnection Cluster { get; } = new("lab", new Uri("https://lab.example"), "admin", "default", ["config"], IsSandbox: false);

    internal List<string> Requests { get; } = [];

    internal PauseClock Clock { get; } = new();

    internal ApiTransport Transport() => new(Cluster, Connection(), Clock);

    internal KubernetesApi Api() => new(Cluster, Connection(), Clock);

    internal ScriptedServer Answer(int status, string body = "{}", params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(_ => Task.FromResult(Response(status, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), headers)));
        return this;
    }

    internal ScriptedServer Answer(Stream body)
    {
        _answers.Enqueue(_ => Task.FromResult(Response(200, new StreamContent(body), [])));
        return this;
    }

    internal ScriptedServer Fail(HttpRequestError error, Exception? inner = null)
    {
        _answers.Enqueue(_ => throw new HttpRequestException(error, "no luck", inner));
        return this;
    }

    /// <summary>Does not answer until the request is given up.</summary>
    internal ScriptedServer Hang(TaskCompletionSource reached)
    {
        _answers.Enqueue(async stop =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        });
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        return _answers.TryDequeue(out var answer) ? answer(cancellationToken) : throw new InvalidOperationException("More requests than the test expects.");
    }

    private ApiConnection Connection() => new(new HttpClient(this, disposeHandler: false) { BaseAddress = Cluster.Server, Timeout = Timeout.InfiniteTimeSpan });

    private static HttpResponseMessage Response(int status, HttpContent content, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        return response;
    }
}
