using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Integration;

/// <summary>
/// What the client and a server have to agree on, whatever the server is. A derived class names the server.
/// Each test works in a namespace of its own and leaves nothing behind.
/// </summary>
public abstract class KubernetesApiContract : IAsyncLifetime
{
    private const string Managed = "contract-one";
    private const string Foreign = "contract-two";

    private readonly string _namespace = $"voicecore-contract-{Guid.NewGuid():N}"[..32];
    private KubernetesApi? _api;

    /// <summary>The kubeconfig of the server; null where there is none, and <see cref="Reason"/> says why.</summary>
    protected abstract string? KubeconfigPath { get; }

    protected abstract string Reason { get; }

    private KubernetesApi Api => _api!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(KubeconfigPath is null, Reason);
        _api = KubernetesApiFactory.Create(KubeconfigPath, context: null);
        await Api.CreateAsync(Object("Namespace", "v1", null, _namespace), new WriteOptions(), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_api is null)
            return;
        await Api.DeleteAsync(new ObjectReference("", "Namespace", null, _namespace), new DeleteOptions(), CancellationToken.None);
        _api.Dispose();
    }

    [Fact]
    public async Task The_server_tells_its_version() => Assert.StartsWith("v1.", await Api.GetServerVersionAsync(Stop), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "ConfigMap", "v1", "configmaps", true)]
    [InlineData("", "Namespace", "v1", "namespaces", false)]
    [InlineData("apps", "Deployment", "v1", "deployments", true)]
    [InlineData("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "v1", "mutatingwebhookconfigurations", false)]
    public async Task Discovery_knows_the_kinds_of_Kubernetes(string group, string kind, string version, string plural, bool namespaced)
    {
        var resource = await Api.FindResourceAsync(group, kind, null, Stop);

        Assert.NotNull(resource);
        Assert.Equal((version, plural, namespaced), (resource.Version, resource.Plural, resource.Namespaced));
        Assert.Contains("list", resource.Verbs);
    }

    [Theory]
    [InlineData("", "Nothing", null)]
    [InlineData("nothing.example.com", "ConfigMap", null)]
    [InlineData("apps", "Deployment", "v1beta9")]
    public async Task What_is_not_served_is_not_found(string group, string kind, string? version) =>
        Assert.Null(await Api.FindResourceAsync(group, kind, version, Stop));

    [Fact]
    public async Task An_object_that_does_not_exist_is_null()
    {
        Assert.Null(await Api.GetAsync(Reference("nothing"), Stop));
        Assert.Null(await Api.GetAsync(new ObjectReference("nothing.example.com", "Nothing", null, "x"), Stop));
    }

    [Fact]
    public async Task A_created_object_can_be_read_and_not_created_again()
    {
        var created = await Api.CreateAsync(ConfigMap("one", ("a", "1")), new WriteOptions(), Stop);
        var read = await Api.GetAsync(Reference("one"), Stop);

        Assert.Equal(created.ResourceVersion, read!.ResourceVersion);
        Assert.Equal("1", (string?)read.Json["data"]!["a"]);
        await FailsAsync("ObjectExists", Api.CreateAsync(ConfigMap("one"), new WriteOptions(), Stop));
    }

    [Fact]
    public async Task Dry_runs_store_nothing()
    {
        await Api.CreateAsync(ConfigMap("one", ("a", "1")), new WriteOptions { DryRun = true }, Stop);
        var applied = await Api.ApplyAsync(ConfigMap("two", ("a", "1")), new ApplyOptions { DryRun = true }, Stop);

        Assert.Equal("1", (string?)applied.Json["data"]!["a"]);
        Assert.Null(await Api.GetAsync(Reference("one"), Stop));
        Assert.Null(await Api.GetAsync(Reference("two"), Stop));
    }

    [Fact]
    public async Task What_is_invalid_is_refused_with_the_field()
    {
        var wrongName = await FailsAsync("ObjectInvalid", Api.CreateAsync(ConfigMap("Not_A_Name"), new WriteOptions(), Stop));
        Assert.Contains("metadata.name", wrongName.Message, StringComparison.Ordinal);

        var unknown = ConfigMap("one");
        unknown.Json["dataa"] = new JsonObject();
        var wrongField = await FailsAsync("ObjectInvalid", Api.CreateAsync(unknown, new WriteOptions(), Stop));
        Assert.Contains("dataa", wrongField.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_is_not_served_cannot_be_written() =>
        await FailsAsync("ResourceNotServed", Api.ApplyAsync(Object("Nothing", "nothing.example.com/v1", _namespace, "x"), new ApplyOptions(), Stop));

    [Fact]
    public async Task Applying_the_same_twice_changes_nothing()
    {
        var first = await Api.ApplyAsync(ConfigMap("one", ("a", "1")), new ApplyOptions { FieldManager = Managed }, Stop);
        var second = await Api.ApplyAsync(ConfigMap("one", ("a", "1")), new ApplyOptions { FieldManager = Managed }, Stop);

        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_goes_away()
    {
        await Api.ApplyAsync(ConfigMap("one", ("a", "1"), ("b", "2")), new ApplyOptions { FieldManager = Managed }, Stop);
        var applied = await Api.ApplyAsync(ConfigMap("one", ("a", "1")), new ApplyOptions { FieldManager = Managed }, Stop);

        Assert.Equal(["a"], applied.Json["data"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task Fields_of_another_manager_conflict_until_they_are_taken_over()
    {
        await Api.ApplyAsync(ConfigMap("one", ("a", "1"), ("b", "1")), new ApplyOptions { FieldManager = Foreign }, Stop);

        var refused = await Api.TryApplyAsync(ConfigMap("one", ("a", "2"), ("b", "1")), new ApplyOptions { FieldManager = Managed }, Stop);
        Assert.Null(refused.Object);
        Assert.Equal([new FieldConflict(Foreign, ".data.a")], refused.Conflicts);
        var error = await FailsAsync("FieldConflict", Api.ApplyAsync(ConfigMap("one", ("a", "2")), new ApplyOptions { FieldManager = Managed }, Stop));
        Assert.Contains($".data.a ({Foreign})", error.Message, StringComparison.Ordinal);

        var taken = await Api.TryApplyAsync(ConfigMap("one", ("a", "2")), new ApplyOptions { FieldManager = Managed, Force = true }, Stop);
        Assert.Empty(taken.Conflicts);
        Assert.Equal("2", (string?)taken.Object!.Json["data"]!["a"]);
    }

    [Fact]
    public async Task A_merge_patch_changes_what_it_names()
    {
        await Api.CreateAsync(ConfigMap("one", ("a", "1"), ("b", "1")), new WriteOptions(), Stop);
        var patched = await Api.MergePatchAsync(Reference("one"), new JsonObject { ["data"] = new JsonObject { ["a"] = null, ["c"] = "3" } }, new WriteOptions(), Stop);

        Assert.Equal(["b", "c"], patched.Json["data"]!.AsObject().Select(field => field.Key).Order());
        await FailsAsync("ObjectNotFound", Api.MergePatchAsync(Reference("nothing"), [], new WriteOptions(), Stop));
    }

    [Fact]
    public async Task A_merge_patch_of_an_old_state_is_refused()
    {
        var old = await Api.CreateAsync(ConfigMap("one"), new WriteOptions(), Stop);
        await Api.MergePatchAsync(Reference("one"), new JsonObject { ["data"] = new JsonObject { ["a"] = "1" } }, new WriteOptions(), Stop);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = old.ResourceVersion }, ["data"] = new JsonObject { ["a"] = "2" } };

        await FailsAsync("ObjectChanged", Api.MergePatchAsync(Reference("one"), patch, new WriteOptions(), Stop));
    }

    [Fact]
    public async Task Deleting_keeps_its_conditions_and_tells_whether_there_was_something()
    {
        var created = await Api.CreateAsync(ConfigMap("one"), new WriteOptions(), Stop);

        await FailsAsync("ObjectChanged", Api.DeleteAsync(Reference("one"), new DeleteOptions { Uid = Guid.NewGuid().ToString() }, Stop));
        Assert.True(await Api.DeleteAsync(Reference("one"), new DeleteOptions { DryRun = true }, Stop));
        Assert.NotNull(await Api.GetAsync(Reference("one"), Stop));
        Assert.True(await Api.DeleteAsync(Reference("one"), new DeleteOptions { Uid = (string?)created.Json["metadata"]!["uid"] }, Stop));
        Assert.False(await Api.DeleteAsync(Reference("one"), new DeleteOptions(), Stop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(500)]
    public async Task A_list_has_every_object_once_whatever_the_pages(int pageSize)
    {
        var names = Enumerable.Range(0, 7).Select(number => $"item-{number}").ToArray();
        foreach (var name in names)
            await Api.CreateAsync(Labelled(name, "contract", "list"), new WriteOptions(), Stop);
        var resource = await Api.FindResourceAsync("", "ConfigMap", null, Stop);
        var options = new ListOptions { PageSize = pageSize, LabelSelector = "contract=list" };

        var listed = await ReadAsync(Api.ListAsync(resource!, _namespace, options, Stop));
        Assert.Equal(names, listed.Select(item => item.Name));
        Assert.All(listed, item => Assert.Equal(("v1", "ConfigMap"), (item.ApiVersion, item.Kind)));
        var everywhere = await ReadAsync(Api.ListAsync(resource!, null, options, Stop));
        Assert.Equal(names, everywhere.Where(item => item.Namespace == _namespace).Select(item => item.Name));
        var one = await ReadAsync(Api.ListAsync(resource!, _namespace, options with { FieldSelector = "metadata.name=item-3" }, Stop));
        Assert.Equal(["item-3"], one.Select(item => item.Name));
    }

    [Fact]
    public async Task A_watch_tells_what_is_there_and_what_changes()
    {
        await Api.CreateAsync(Labelled("one", "contract", "watch"), new WriteOptions(), Stop);
        var resource = await Api.FindResourceAsync("", "ConfigMap", null, Stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var events = Api.WatchAsync(resource!, _namespace, new ListOptions { LabelSelector = "contract=watch" }, limit.Token).GetAsyncEnumerator(limit.Token);

        Assert.Equal(("ADDED", "one"), await NextAsync());
        Assert.Equal(("BOOKMARK", ""), await NextAsync());
        await Api.CreateAsync(Labelled("two", "contract", "watch"), new WriteOptions(), Stop);
        Assert.Equal(("ADDED", "two"), await NextAsync());
        await Api.MergePatchAsync(Reference("one"), new JsonObject { ["data"] = new JsonObject { ["a"] = "1" } }, new WriteOptions(), Stop);
        Assert.Equal(("MODIFIED", "one"), await NextAsync());
        await Api.DeleteAsync(Reference("one"), new DeleteOptions(), Stop);
        Assert.Equal(("DELETED", "one"), await NextAsync());
        await events.DisposeAsync();

        async Task<(string, string)> NextAsync()
        {
            Assert.True(await events.MoveNextAsync());
            return (events.Current.Type, events.Current.Object.Name);
        }
    }

    [Fact]
    public async Task An_administrator_may_do_everything()
    {
        var pods = await Api.FindResourceAsync("", "Pod", null, Stop);

        Assert.True(await Api.CanAsync("list", pods!, _namespace, Stop));
        Assert.True(await Api.CanAsync("create", pods! with { Plural = "pods/portforward" }, _namespace, Stop));
    }

    protected static async Task<MeshException> FailsAsync(string id, Task task)
    {
        var error = await Assert.ThrowsAsync<MeshException>(() => task);
        Assert.Equal(id, error.Id);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }

    private static async Task<List<KubernetesObject>> ReadAsync(IAsyncEnumerable<KubernetesObject> objects)
    {
        var list = new List<KubernetesObject>();
        await foreach (var item in objects)
            list.Add(item);
        return list;
    }

    private ObjectReference Reference(string name) => new("", "ConfigMap", _namespace, name);

    private KubernetesObject Labelled(string name, string label, string value)
    {
        var map = ConfigMap(name);
        map.Json["metadata"]!["labels"] = new JsonObject { [label] = value };
        return map;
    }

    private KubernetesObject ConfigMap(string name, params (string Key, string Value)[] data)
    {
        var map = Object("ConfigMap", "v1", _namespace, name);
        map.Json["data"] = new JsonObject(data.Select(item => KeyValuePair.Create<string, JsonNode?>(item.Key, item.Value)));
        return map;
    }

    private static KubernetesObject Object(string kind, string apiVersion, string? @namespace, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null)
            metadata["namespace"] = @namespace;
        return new KubernetesObject(new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata });
    }
}
