using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Sandbox.Rest;
using static VoiceCore.Istio.Tests.Install.SandboxedModule;

namespace VoiceCore.Istio.Tests.Install;

/// <summary>Uninstalling through the real engine, against the sandbox: beside others, and after runs that were broken off.</summary>
public sealed class UninstallOnSandboxTests : IAsyncLifetime
{
    private const string Install = "Install-VoiceCoreMesh -Timeout 60 -Confirm:$false";
    private const string Uninstall = "Uninstall-VoiceCoreMesh -Timeout 60 -Confirm:$false";

    private SandboxedModule _module = null!;

    public async ValueTask InitializeAsync() => _module = await StartAsync();

    public ValueTask DisposeAsync() => _module.DisposeAsync();

    // The first revision of a cluster is the default one.
    [Theory]
    [InlineData("istio.io/rev", "1-30-3")]
    [InlineData("istio.io/rev", "default")]
    [InlineData("istio-injection", "enabled")]
    public async Task A_control_plane_that_injects_for_others_stays(string label, string value)
    {
        _module.Run(Install).ThrowOnError();
        await CreateAsync($$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "team-b", "labels": { "{{label}}": "{{value}}" } } }""");

        var rows = _module.Run(Uninstall).ThrowOnError().Output;

        var kept = Assert.Single(rows, row => Text(row, "Action") == "Keep");
        Assert.Equal(("voicecore-mesh-1-30-3", "Revision 1-30-3 is used by namespaces of others: team-b."), (Text(kept, "Name"), Text(kept, "Reason")));
        Assert.NotNull(await _module.Api.GetAsync(new ObjectReference("apps", "Deployment", "istio-system", "istiod-1-30-3"), Stop));
    }

    [Fact]
    public async Task A_namespace_that_gets_no_sidecar_keeps_no_control_plane()
    {
        _module.Run(Install).ThrowOnError();
        await CreateAsync("""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "team-b", "labels": { "istio.io/rev": "1-30-3", "istio-injection": "disabled" } } }""");

        Assert.Empty(Except(_module.Run(Uninstall).ThrowOnError(), "Delete"));
    }

    [Fact]
    public async Task What_istiod_leaves_is_found_after_a_run_that_did_not_get_to_its_namespace()
    {
        var before = await _module.EverythingAsync();
        _module.Run(Install).ThrowOnError();
        await CreateAsync("""{ "apiVersion": "v1", "kind": "Secret", "metadata": { "namespace": "istio-system", "name": "istio-ca-secret" } }""");
        await CreateAsync("""{ "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": { "namespace": "istio-system", "name": "istio-leader" } }""");
        await CreateAsync("""{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "namespace": "istio-system", "name": "istio-leader", "annotations": { "control-plane.alpha.kubernetes.io/leader": "{}" } } }""");
        Refuse("DELETE", "/namespaces/istio-system");

        Assert.Equal(["ClusterForbidden"], _module.Run(Uninstall).ErrorIds);
        Assert.Empty(Except(_module.Run(Uninstall).ThrowOnError(), "Delete"));

        await NothingIsLeftAsync(before);
    }

    [Fact]
    public async Task What_istiod_leaves_and_could_not_be_removed_is_found_by_the_next_run()
    {
        var before = await _module.EverythingAsync();
        _module.Run(Install).ThrowOnError();
        Refuse("DELETE", "/namespaces/default/configmaps/istio-ca-root-cert");

        var first = _module.Run(Uninstall);
        Assert.Equal(["ClusterForbidden"], first.ErrorIds);
        Assert.Equal(
            ["ConfigMap istio-system/voicecore-mesh-1-30-3", "Namespace istio-system"],
            first.Output.Where(row => Text(row, "Applied") == "False").Select(row => Text(row, "Object")).Order(StringComparer.Ordinal));
        _module.Run(Uninstall).ThrowOnError();

        await NothingIsLeftAsync(before);
    }

    [Fact]
    public async Task What_a_run_exported_and_removed_stays_in_the_files_of_the_next()
    {
        _module.Run(Install).ThrowOnError();
        await CreateAsync("""{ "apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": { "namespace": "default", "name": "theirs" }, "spec": { "hosts": ["theirs.example.com"] } }""");
        Refuse("DELETE", "/deployments/istiod-1-30-3");
        var removal = $"{Uninstall} -RemoveCrds -ExportPath '{_module.PathOf("backup")}'";
        var file = Path.Combine(_module.PathOf("backup"), "virtualservices.networking.istio.io.yaml");

        Assert.NotEmpty(_module.Run(removal).Errors);
        var first = Documents(file);
        Assert.Null(await _module.Api.GetAsync(new ObjectReference("networking.istio.io", "VirtualService", "voicecore-ai", "call"), Stop));
        _module.Run(removal).ThrowOnError();

        Assert.True(first.Count > 1);
        Assert.Equal(first, Documents(file));
    }

    [Fact]
    public async Task Nothing_is_removed_where_the_folder_holds_what_cannot_be_read()
    {
        _module.Run(Install).ThrowOnError();
        Directory.CreateDirectory(_module.PathOf("backup"));
        await File.WriteAllTextAsync(Path.Combine(_module.PathOf("backup"), "virtualservices.networking.istio.io.yaml"), "a: [", Stop);

        Assert.Equal(["ExportUnreadable"], _module.Run($"{Uninstall} -RemoveCrds -ExportPath '{_module.PathOf("backup")}'").ErrorIds);

        Assert.DoesNotContain(_module.Sandbox.Requests.Requests, request => request.IsMutating);
    }

    private static List<string> Documents(string file) =>
        [.. File.ReadAllText(file).Split("---\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private void Refuse(string method, string path) => _module.Sandbox.Faults.Add(new Fault(request =>
        request.Method == method && request.Path.EndsWith(path, StringComparison.Ordinal)) { StatusCode = 403 });

    // Kinds stay where they are not asked for.
    private async Task NothingIsLeftAsync(List<string> before)
    {
        await _module.Sandbox.SettleAsync(Stop);
        Assert.Equal(before, (await _module.EverythingAsync()).Where(name => !name.StartsWith("CustomResourceDefinition ", StringComparison.Ordinal)));
    }

    private async Task CreateAsync(string json) =>
        await _module.Api.CreateAsync(new KubernetesObject(JsonNode.Parse(json)!.AsObject()), new WriteOptions { FieldManager = "somebody" }, Stop);
}
