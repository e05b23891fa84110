using System.Net.Sockets;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>When a request is sent again, how long the client waits before, and when it gives up. No test waits.</summary>
public sealed class RetryTests : IDisposable
{
    private static readonly ApiRequest Read = new("get", "version", "the version");

    private static readonly ApiRequest Create = new("create", "api/v1/pods", "Pod x") { Method = HttpMethod.Post, Body = "{}"u8.ToArray(), Idempotent = false };

    private readonly ScriptedServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_fails_in_passing_is_asked_again(int status)
    {
        _server.Answer(status).Answer(status).Answer(200);

        Assert.Equal(200, (await SendAsync(Read)).StatusCode);

        Assert.Equal([Milliseconds(200), Milliseconds(400)], _server.Clock.Pauses);
    }

    [Fact]
    public async Task The_last_of_five_answers_is_final()
    {
        for (var i = 0; i < 5; i++)
            _server.Answer(503);

        Assert.Equal(503, (await SendAsync(Read)).StatusCode);

        Assert.Equal(5, _server.Requests.Count);
        Assert.Equal([Milliseconds(200), Milliseconds(400), Milliseconds(800), Milliseconds(1600)], _server.Clock.Pauses);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(501)]
    public async Task A_decision_is_not_asked_for_twice(int status)
    {
        _server.Answer(status);

        Assert.Equal(status, (await SendAsync(Read)).StatusCode);
    }

    [Fact]
    public async Task A_create_that_may_have_been_done_is_not_sent_again()
    {
        _server.Answer(500);

        Assert.Equal(500, (await SendAsync(Create)).StatusCode);
    }

    [Fact]
    public async Task The_server_says_how_long_to_wait_and_that_goes_for_writes_too()
    {
        _server.Answer(429, "{}", ("Retry-After", "7")).Answer(201);

        Assert.Equal(201, (await SendAsync(Create)).StatusCode);

        Assert.Equal([TimeSpan.FromSeconds(7)], _server.Clock.Pauses);
    }

    [Fact]
    public async Task The_time_to_come_again_may_be_a_date()
    {
        var date = _server.Clock.GetUtcNow() + TimeSpan.FromSeconds(9);
        _server.Answer(503, "{}", ("Retry-After", date.ToString("R", System.Globalization.CultureInfo.InvariantCulture))).Answer(200);

        await SendAsync(Read);

        Assert.Equal([TimeSpan.FromSeconds(9)], _server.Clock.Pauses);
    }

    [Fact]
    public async Task A_429_without_a_time_is_a_decision()
    {
        _server.Answer(429);

        Assert.Equal(429, (await SendAsync(Read)).StatusCode);
    }

    [Fact]
    public async Task No_try_begins_after_a_minute()
    {
        _server.Answer(429, "{}", ("Retry-After", "45")).Answer(429, "{}", ("Retry-After", "45"));

        Assert.Equal(429, (await SendAsync(Read)).StatusCode);

        Assert.Equal([TimeSpan.FromSeconds(45)], _server.Clock.Pauses);
    }

    [Fact]
    public async Task An_unknown_field_of_an_apply_is_a_decision_although_it_says_500()
    {
        _server.Answer(500, """{"kind":"Status","message":"failed to create typed patch object: .spec.x: field not declared in schema"}""");

        Assert.Equal(500, (await SendAsync(Read)).StatusCode);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false)]
    public async Task A_connection_that_was_never_made_may_be_made_again_for_any_request(HttpRequestError failure, bool again)
    {
        _server.Fail(failure).Answer(201);

        if (again)
            Assert.Equal(201, (await SendAsync(Create)).StatusCode);
        else
            Assert.Equal("ClusterUnreachable", (await Assert.ThrowsAsync<MeshException>(() => SendAsync(Create))).Id);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "ClusterNameNotResolved")]
    [InlineData(HttpRequestError.SecureConnectionError, "ClusterTlsFailed")]
    public async Task What_will_not_change_is_told_at_once(HttpRequestError failure, string id)
    {
        _server.Fail(failure);

        Assert.Equal(id, (await Assert.ThrowsAsync<MeshException>(() => SendAsync(Read))).Id);
    }

    [Fact]
    public async Task The_innermost_reason_of_a_broken_connection_is_told()
    {
        for (var i = 0; i < 5; i++)
            _server.Fail(HttpRequestError.ConnectionError, new SocketException((int)SocketError.ConnectionRefused));

        var error = await Assert.ThrowsAsync<MeshException>(() => SendAsync(Read));

        Assert.Equal("ClusterUnreachable", error.Id);
        Assert.Contains(new SocketException((int)SocketError.ConnectionRefused).Message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ScriptedServer.Cluster.Server, error.Target);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var reached = new TaskCompletionSource();
        _server.Hang(reached);

        var sending = SendAsync(Read);
        await reached.Task;
        _server.Clock.PassTimeouts();

        Assert.Equal("RequestTimeout", (await Assert.ThrowsAsync<MeshException>(() => sending)).Id);
    }

    [Fact]
    public async Task A_stop_is_no_error_of_the_cluster()
    {
        var reached = new TaskCompletionSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        _server.Hang(reached);
        using var transport = _server.Transport();

        var sending = transport.SendAsync(Read, stop.Token);
        await reached.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    public void Dispose() => _server.Dispose();

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private async Task<ApiAnswer> SendAsync(ApiRequest request)
    {
        using var transport = _server.Transport();
        return await transport.SendAsync(request, Stop);
    }
}
