using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Planning;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>Discovery where a group has a server of its own, which does not answer.</summary>
public sealed class ApiDiscoveryTests : IDisposable
{
    private const string Groups =
        """{"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"version":"v1"}]},{"name":"metrics.k8s.io","versions":[{"version":"v1beta1"}]}]}""";

    private readonly ScriptedServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_group_that_is_not_wanted_need_not_answer()
    {
        Legacy();
        using var api = _server.Api();

        Assert.Equal(["Pod", "Deployment"], (await api.ListResourcesAsync(InstalledKinds.MayBeIn, Stop)).Select(resource => resource.Kind));

        Assert.DoesNotContain(_server.Requests, request => request.Contains("metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_group_that_is_wanted_and_does_not_answer_is_named()
    {
        Legacy().Answer(200, Groups);
        for (var i = 0; i < 5; i++)
            _server.Answer(503);
        using var api = _server.Api();

        var error = await Assert.ThrowsAsync<MeshException>(() => api.ListResourcesAsync(Stop));

        Assert.Equal("GroupUnavailable", error.Id);
        Assert.Equal("metrics.k8s.io", error.Target);
    }

    [Fact]
    public async Task What_is_stale_in_the_aggregated_document_does_not_answer()
    {
        Aggregated();
        using var api = _server.Api();

        Assert.Equal(["Pod", "Deployment"], (await api.ListResourcesAsync(InstalledKinds.MayBeIn, Stop)).Select(resource => resource.Kind));
        _server.Answer(200, Groups);
        Assert.Equal("GroupUnavailable", (await Assert.ThrowsAsync<MeshException>(() => api.ListResourcesAsync(Stop))).Id);
    }

    [Fact]
    public async Task A_namespace_may_hold_what_the_server_of_a_group_does_not_tell()
    {
        Aggregated();
        using var api = _server.Api();

        var reason = await new NamespaceContents(api).ReasonToKeepAsync("shop", _ => true, Stop);

        Assert.Equal("It may hold objects of others: the server of the API group metrics.k8s.io does not answer.", reason);
    }

    public void Dispose() => _server.Dispose();

    // As servers before 1.26 tell it: a document for each group and version.
    private ScriptedServer Legacy() => _server
        .Answer(200, """{"kind":"APIVersions","versions":["v1"]}""")
        .Answer(200, """{"kind":"APIResourceList","resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]}]}""")
        .Answer(200, Groups)
        .Answer(200, Groups)
        .Answer(200, """{"kind":"APIResourceList","resources":[{"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["list"]}]}""");

    private void Aggregated() => _server
        .Answer(200, Document("""{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["list"]}]}]}"""))
        .Answer(200, Groups)
        .Answer(200, Document(
            """{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","verbs":["list"]}]}]}""",
            """{"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}"""));

    private static string Document(params string[] items) => $$"""{"kind":"APIGroupDiscoveryList","items":[{{string.Join(',', items)}}]}""";
}
