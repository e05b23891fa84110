using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

public sealed class ListPagerTests : IDisposable
{
    private static readonly ApiRequest Pods = new("list", "api/v1/pods", "pods") { Query = [("labelSelector", "app=x")] };

    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task Pages_follow_the_token_and_keep_the_selector()
    {
        _server.Answer(200, Page("1", "next page", "a")).Answer(200, Page("1", "", "b"));

        Assert.Equal(["a", "b"], await NamesAsync());

        Assert.Equal(
            ["GET /api/v1/pods?labelSelector=app%3Dx&limit=2", "GET /api/v1/pods?labelSelector=app%3Dx&limit=2&continue=next%20page"],
            _server.Requests);
    }

    [Fact]
    public async Task An_expired_list_goes_on_with_the_token_of_the_answer_and_nothing_comes_twice()
    {
        _server
            .Answer(200, Page("1", "old", "a"))
            .Answer(410, """{"kind":"Status","code":410,"reason":"Expired","metadata":{"continue":"fresh"}}""")
            .Answer(200, Page("9", "", "b"));

        Assert.Equal(["a", "b"], await NamesAsync());

        Assert.EndsWith("continue=fresh", _server.Requests[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"Status","code":410,"reason":"Expired","message":"gone"}""")]
    [InlineData("""{"kind":"Status","code":410,"reason":"Expired","metadata":{"continue":"old"}}""")]
    public async Task An_expired_list_without_a_new_token_is_an_error(string status)
    {
        _server.Answer(200, Page("1", "old", "a")).Answer(410, status);

        Assert.Equal("ContinueExpired", (await Assert.ThrowsAsync<MeshException>(NamesAsync)).Id);
    }

    [Fact]
    public async Task A_token_that_does_not_move_on_is_an_error()
    {
        _server.Answer(200, Page("1", "same", "a")).Answer(200, Page("1", "same", "a"));

        Assert.Equal("ClusterProtocolFailed", (await Assert.ThrowsAsync<MeshException>(NamesAsync)).Id);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"items\": [")]
    [InlineData("<html>")]
    public async Task What_is_no_list_is_an_error(string body)
    {
        _server.Answer(200, body);

        Assert.Equal("ClusterProtocolFailed", (await Assert.ThrowsAsync<MeshException>(NamesAsync)).Id);
    }

    [Fact]
    public void Items_get_the_kind_that_a_list_leaves_out()
    {
        var resource = new ApiResource("", "v1", "pods", "Pod", Namespaced: true, ["list"]);

        var item = Assert.Single(ListPage.Objects(Encoding.UTF8.GetBytes(Page("1", "", "a")), resource));

        Assert.Equal(("v1", "Pod", "a"), ((string?)item.Json["apiVersion"], (string?)item.Json["kind"], item.Name));
    }

    public void Dispose() => _server.Dispose();

    private static string Page(string version, string token, string name) =>
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + version + "\",\"continue\":\"" + token
        + "\",\"nested\":{\"continue\":\"trap\"}},\"items\":[{\"metadata\":{\"name\":\"" + name + "\"},\"items\":[{}]}]}";

    private async Task<List<string>> NamesAsync()
    {
        using var transport = _server.Transport();
        var resource = new ApiResource("", "v1", "pods", "Pod", Namespaced: true, ["list"]);
        var names = new List<string>();
        await foreach (var page in new ListPager(transport, Pods, pageSize: 2).PagesAsync(TestContext.Current.CancellationToken))
            names.AddRange(ListPage.Objects(page, resource).Select(item => item.Name));
        return names;
    }
}
