using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Cmdlets that judge a mesh, over files and through the real engine.</summary>
public sealed class MeshStateCmdletTests : IDisposable
{
    private static readonly Dictionary<string, object?> Mesh =
        new() { ["mesh"] = Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "shop.yaml") };

    private readonly ModuleSession _session = new();

    [Theory]
    [InlineData("-From shop/gateway", "Allow")]
    [InlineData("-From shop/gateway -Method POST", "Deny")]
    [InlineData("-From shop/web-1", "Deny")]
    [InlineData("-From spiffe://cluster.local/ns/shop/sa/gateway -Port 80", "Allow")]
    [InlineData("", "Deny")]
    public void Decides_a_request(string arguments, string decision)
    {
        var result = _session.Run($"Test-MeshAuthorization -To shop/web {arguments} -SnapshotPath $mesh", Mesh).ThrowOnError();

        Assert.Equal(decision, Assert.Single(result.Output).Properties["Decision"].Value.ToString());
    }

    [Fact]
    public void Takes_requests_from_the_pipeline_and_reports_one_that_names_no_server()
    {
        var result = _session.Run(
            "'shop/web', 'shop/absent', 'shop/web-1' | ForEach-Object { [pscustomobject]@{ From = 'shop/gateway'; To = $_; Path = '/x' } } | Test-MeshAuthorization -SnapshotPath $mesh",
            Mesh);

        Assert.Equal(2, result.Output.Count);
        Assert.Equal(["MeshServerNotFound"], result.ErrorIds);
    }

    [Theory]
    [InlineData("-From nobody", "MeshClientInvalid")]
    [InlineData("-Port 81", "MeshServerPortNotFound")]
    public void Says_what_is_wrong_with_a_question(string arguments, string id) =>
        Assert.Equal([id], _session.Run($"Test-MeshAuthorization -To shop/web {arguments} -SnapshotPath $mesh", Mesh).ErrorIds);

    [Fact]
    public void Finds_labels_that_contradict_each_other()
    {
        var row = Assert.Single(_session.Run("Get-MeshInjection -Namespace sho* -SnapshotPath $mesh", Mesh).ThrowOnError().Output);

        Assert.Equal("Conflict", row.Properties["State"].Value.ToString());
    }

    [Fact]
    public void Shows_workloads_with_the_versions_of_their_proxies()
    {
        var row = Assert.Single(_session.Run("Get-MeshWorkload web* -SnapshotPath $mesh", Mesh).ThrowOnError().Output);

        Assert.Equal(["1.30.3"], (IReadOnlyList<string>)row.Properties["ProxyVersions"].Value);
        Assert.Equal(1, row.Properties["Injected"].Value);
    }

    [Fact]
    public void Shows_the_routes_of_a_service_port_by_port()
    {
        var mesh = new Dictionary<string, object?> { ["mesh"] = Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "callers.yaml") };

        var rows = _session.Run("Get-MeshTimeout tenant -Port 80 -SnapshotPath $mesh", mesh).ThrowOnError().Output;

        Assert.Equal([TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)], rows.Select(row => row.Properties["Timeout"].Value));
        Assert.Equal(["shop/tenant", "shop/tenant"], rows.Select(row => row.Properties["VirtualService"].Value));
    }

    public void Dispose() => _session.Dispose();
}
