using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>A watch that the server ends, breaks or forgets shows none of it outside.</summary>
public sealed class CollectionWatchTests : IDisposable
{
    private static readonly ApiResource Pods = new("", "v1", "pods", "Pod", Namespaced: true, ["list", "watch"]);

    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task What_is_there_comes_first_and_then_what_changes()
    {
        _server.Answer(200, List("5", ("a", "1"))).Answer(200, Event("MODIFIED", "a", "6") + Event("BOOKMARK", "", "7") + Event("DELETED", "a", "8"));

        Assert.Equal(["ADDED a 1", "BOOKMARK  5", "MODIFIED a 6", "DELETED a 8"], await EventsAsync(4));

        Assert.Contains("watch=1&allowWatchBookmarks=true&resourceVersion=5", _server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_where_it_was()
    {
        _server
            .Answer(200, List("5"))
            .Answer(200, Event("ADDED", "a", "6") + Event("BOOKMARK", "", "7"))
            .Answer(200, Event("ADDED", "b", "8"));

        Assert.Equal(["BOOKMARK  5", "ADDED a 6", "ADDED b 8"], await EventsAsync(3));

        Assert.Contains("resourceVersion=7", _server.Requests[2], StringComparison.Ordinal);
        Assert.Empty(_server.Clock.Pauses);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_version_becomes_a_new_list_and_the_difference(bool asEvent)
    {
        _server.Answer(200, List("5", ("a", "1"), ("b", "2"), ("c", "3")));
        if (asEvent)
            _server.Answer(200, """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}""" + "\n");
        else
            _server.Answer(410, """{"kind":"Status","code":410,"reason":"Expired"}""");
        _server.Answer(200, List("9", ("b", "2"), ("c", "8"), ("d", "9"))).Answer(200, Event("ADDED", "e", "10"));

        Assert.Equal(
            ["ADDED a 1", "ADDED b 2", "ADDED c 3", "BOOKMARK  5", "DELETED a 1", "MODIFIED c 8", "ADDED d 9", "ADDED e 10"],
            await EventsAsync(8));
    }

    [Fact]
    public async Task A_connection_that_breaks_within_a_line_is_made_anew()
    {
        _server
            .Answer(200, List("5"))
            .Answer(new BreakingStream(Encoding.UTF8.GetBytes(Event("ADDED", "a", "6") + "{\"type\":")))
            .Answer(200, Event("ADDED", "b", "7"));

        Assert.Equal(["BOOKMARK  5", "ADDED a 6", "ADDED b 7"], await EventsAsync(3));
    }

    [Fact]
    public async Task A_server_that_ends_every_watch_at_once_is_given_up()
    {
        _server.Answer(200, List("5"));
        for (var i = 0; i < 5; i++)
            _server.Answer(200, "");

        Assert.Equal("ClusterUnreachable", (await Assert.ThrowsAsync<MeshException>(() => EventsAsync(2))).Id);

        Assert.Equal(4, _server.Clock.Pauses.Count);
    }

    [Fact]
    public async Task An_error_that_is_a_decision_is_told()
    {
        _server.Answer(200, List("5")).Answer(403, """{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}""");

        Assert.Equal("ClusterForbidden", (await Assert.ThrowsAsync<MeshException>(() => EventsAsync(2))).Id);
    }

    [Fact]
    public async Task A_line_that_is_no_event_is_told()
    {
        _server.Answer(200, List("5")).Answer(200, "{\"hello\":1}\n");

        Assert.Equal("ClusterProtocolFailed", (await Assert.ThrowsAsync<MeshException>(() => EventsAsync(2))).Id);
    }

    public void Dispose() => _server.Dispose();

    private static string Event(string type, string name, string version) =>
        "{\"type\":\"" + type + "\",\"object\":" + Item(name, version) + "}\n";

    private static string List(string version, params (string Name, string Version)[] items) =>
        "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + string.Join(',', items.Select(item => Item(item.Name, item.Version))) + "]}";

    private static string Item(string name, string version) =>
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"x\",\"resourceVersion\":\"" + version + "\"}}";

    private async Task<List<string>> EventsAsync(int count)
    {
        using var transport = _server.Transport();
        var watch = new CollectionWatch(transport, Pods, new ApiRequest("list", "api/v1/pods", "pods"), pageSize: 500);
        var events = new List<string>();
        await foreach (var change in watch.EventsAsync(TestContext.Current.CancellationToken))
        {
            events.Add($"{change.Type} {change.Object.Json["metadata"]?["name"]} {change.Object.ResourceVersion}");
            if (events.Count == count)
                break;
        }

        return events;
    }

    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("reset");
    }
}
