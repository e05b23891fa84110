using System.Text.Json;
using k8s.Exceptions;
using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Kubernetes;

/// <summary>Sends requests to the API server: credentials, time-outs, bounds and the retry policy are here and nowhere else.</summary>
internal sealed class ApiTransport : IDisposable
{
    /// <summary>The longest body that is read, in megabytes, uncompressed. A page of 500 large objects has some tens of megabytes.</summary>
    internal const int MaximumMegabytes = 256;

    private readonly ApiConnection _connection;

    internal ApiTransport(ClusterConnection cluster, ApiConnection connection, TimeProvider clock)
    {
        Cluster = cluster;
        Clock = clock;
        _connection = connection;
    }

    internal ClusterConnection Cluster { get; }

    internal TimeProvider Clock { get; }

    /// <summary>For connections that are no plain requests (WebSockets).</summary>
    internal HttpClient Http => _connection.Http;

    /// <summary>Sends, reads the answer, and sends again where the policy says so. Answers that are no success come back too.</summary>
    internal async Task<ApiAnswer> SendAsync(ApiRequest request, CancellationToken cancellationToken) =>
        (await SendAsync(request, open: false, cancellationToken)).Answer!;

    /// <summary>As <see cref="SendAsync(ApiRequest, CancellationToken)"/>; an answer that is no success is thrown as its error.</summary>
    internal async Task<ApiAnswer> SendForSuccessAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(request, cancellationToken);
        return answer.Succeeded ? answer : throw StatusErrors.From(request, answer, Cluster);
    }

    /// <summary>Opens an answer whose body is read as it comes: the response, which the caller disposes, or an answer that is no success.</summary>
    internal Task<(HttpResponseMessage? Response, ApiAnswer? Answer)> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, open: true, cancellationToken);

    /// <summary>What <paramref name="parse"/> makes of an answer; an answer that it cannot read is thrown as such.</summary>
    internal T Read<TAnswer, T>(TAnswer answer, Func<TAnswer, T> parse)
    {
        try
        {
            return parse(answer);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Unreadable(error.Message, error);
        }
    }

    internal MeshException Unreadable(string reason, Exception? inner = null) =>
        ConnectionErrors.Protocol(reason, Cluster, inner);

    /// <summary>Puts the credentials on a request; a credential plugin has its own time-out.</summary>
    internal async Task AuthorizeAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.AuthorizeAsync(message, cancellationToken);
        }
        catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException or AggregateException)
        {
            throw KubernetesErrors.Error(nameof(KubernetesText.CredentialsUnreadable), MeshErrorCategory.AuthenticationError, Cluster.Context, error, Cluster.Context, MeshException.Sentence(error.Message));
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task<(HttpResponseMessage? Response, ApiAnswer? Answer)> SendAsync(ApiRequest request, bool open, CancellationToken cancellationToken)
    {
        var started = Clock.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            TimeSpan? pause;
            try
            {
                var (response, answer) = await TryAsync(request, open, cancellationToken);
                if (answer is null || answer.Succeeded)
                    return (response, answer);
                if (answer.StatusCode == 401 && tries == 1 && _connection.RenewCredentials())
                    continue;
                pause = RequestRetries.PauseAfter(request, answer, tries, Clock.GetElapsedTime(started));
                if (pause is null)
                    return (null, answer);
            }
            catch (HttpRequestException failure)
            {
                pause = RequestRetries.PauseAfter(request, failure, tries, Clock.GetElapsedTime(started));
                if (pause is null)
                    throw ConnectionErrors.From(failure, Cluster);
            }

            await Task.Delay(pause.Value, Clock, cancellationToken);
        }
    }

    private async Task<(HttpResponseMessage? Response, ApiAnswer? Answer)> TryAsync(ApiRequest request, bool open, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        await AuthorizeAsync(message, cancellationToken);
        using var timeUp = new CancellationTokenSource(request.Timeout, Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        try
        {
            var response = await Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (open && response.IsSuccessStatusCode)
                return (response, null);
            using (response)
                return (null, await ReadAsync(request, response, linked.Token));
        }
        catch (OperationCanceledException canceled) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler tells its own connect time-out in the same way.
            throw canceled.InnerException is TimeoutException
                ? ConnectionErrors.NoAnswer(canceled, Cluster)
                : KubernetesErrors.Error(nameof(KubernetesText.RequestTimeout), MeshErrorCategory.OperationTimeout, request.Target ?? request.Subject, canceled, request.Verb, request.Subject, request.Timeout.TotalSeconds);
        }
        catch (IOException broken)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, broken.Message, broken);
        }
    }

    private async Task<ApiAnswer> ReadAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = await BoundedReader.ReadAsync(stream, MaximumMegabytes, cancellationToken)
            ?? throw KubernetesErrors.Create(nameof(KubernetesText.ResponseTooLarge), MeshErrorCategory.InvalidData, request.Target ?? request.Subject, request.Verb, request.Subject, MaximumMegabytes);
        return new ApiAnswer((int)response.StatusCode, body, RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var pause = header?.Delta ?? header?.Date - Clock.GetUtcNow();
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
