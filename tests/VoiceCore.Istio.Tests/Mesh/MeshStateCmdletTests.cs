using VoiceCore.Istio.Tests.Engine;

namespace VoiceCore.Istio.Tests.Mesh;

/// <summary>Cmdlets that judge a mesh, over files and through the real engine.</summary>
public sealed class MeshStateCmdletTests : IDisposable
{
    private static readonly Dictionary<string, object?> Mesh =
        new() { ["mesh"] = Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "shop.yaml") };

    private static readonly Dictionary<string, object?> Policies =
        new() { ["policies"] = Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", "policies.yaml") };

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

    [Theory]
    [InlineData("@{ iss = 'https://issuer.example'; aud = 'shop.example' }", "Deny", "no rule of them matches")]
    [InlineData("@{ iss = 'https://issuer.example'; aud = 'other' }", "Deny", "(403)")]
    [InlineData("@{ iss = 'https://other.example' }", "Unauthorized", "(401)")]
    public void Checks_the_issuer_and_the_audience_of_a_token(string claims, string decision, string reason)
    {
        var result = _session.Run($"[pscustomobject]@{{ To = 'shop/tenant'; Claim = {claims} }} | Test-MeshAuthorization -SnapshotPath $policies", Policies).ThrowOnError();

        var answer = Assert.Single(result.Output).Properties;
        Assert.Equal(decision, answer["Decision"].Value.ToString());
        Assert.Contains(reason, (string)answer["Reason"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_candidates_of_all_kinds_and_reads_the_mesh_once_for_many_services()
    {
        var result = _session.Run("Test-MeshTls -SnapshotPath $policies | Resolve-MeshPolicy -SnapshotPath $policies", Policies).ThrowOnError();

        Assert.Equal(
            ["AuthorizationPolicy", "DestinationRule", "PeerAuthentication", "Sidecar"],
            result.Output.Select(candidate => candidate.Properties["Kind"].Value.ToString()!).Distinct().Order());
        Assert.All(result.Output, candidate => Assert.Equal("shop/tenant", candidate.Properties["Service"].Value));
    }

    [Fact]
    public void Takes_a_workload_from_the_pipeline()
    {
        var byWorkload = _session.Run("Get-MeshWorkload tenant-1 -SnapshotPath $policies | Resolve-MeshPolicy -Kind PeerAuthentication -SnapshotPath $policies", Policies).ThrowOnError();
        Assert.Equal(2, byWorkload.Output.Count);
        Assert.Empty(_session.Run("Get-MeshWorkload client-1 -SnapshotPath $policies | Resolve-MeshPolicy -SnapshotPath $policies", Policies).ThrowOnError().Output);
    }

    [Fact]
    public void Judges_each_snapshot_of_the_pipeline()
    {
        var folder = Directory.CreateTempSubdirectory("voicecore-state-");
        try
        {
            var result = _session.Run(
                """
                Export-MeshSnapshot -SnapshotPath $policies -Path "$folder/1.json.gz"
                Export-MeshSnapshot -SnapshotPath $mesh -Path "$folder/2.json.gz"
                Import-MeshSnapshot "$folder/1.json.gz", "$folder/2.json.gz" | Resolve-MeshPolicy -Kind AuthorizationPolicy | ForEach-Object Service
                """,
                new Dictionary<string, object?> { ["policies"] = Policies["policies"], ["mesh"] = Mesh["mesh"], ["folder"] = folder.FullName }).ThrowOnError();

            Assert.Equal(["shop/tenant", "shop/tenant", "shop/web"], result.Output.Select(service => service.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Reports_a_service_that_is_not_there_and_goes_on()
    {
        var result = _session.Run("Resolve-MeshPolicy absent, ten* -Kind Sidecar -SnapshotPath $policies", Policies);

        Assert.Equal(["MeshServiceNotFound"], result.ErrorIds);
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_workload_leads_to_the_verdicts_about_its_services()
    {
        var result = _session.Run(
            """
            Get-MeshWorkload tenant-1 -SnapshotPath $policies | Test-MeshTls -SnapshotPath $policies
            Get-MeshWorkload client-1 -SnapshotPath $policies | Test-MeshTls -SnapshotPath $policies
            """,
            Policies).ThrowOnError();

        Assert.Equal(["tenant"], result.Output.Select(verdict => verdict.Properties["Service"].Value).Distinct());
    }

    [Theory]
    [InlineData("Test-MeshTls", "Service")]
    [InlineData("Get-MeshWorkload", "Name")]
    [InlineData("Test-MeshAuthorization -To shop/web", "To")]
    public void Takes_files_from_the_pipeline_and_reads_each(string cmdlet, string property)
    {
        var files = new Dictionary<string, object?> { ["files"] = new[] { Mesh["mesh"], "absent.yaml", Policies["policies"] } };

        var result = _session.Run($"$files | ForEach-Object {{ [IO.FileInfo]::new($_) }} | {cmdlet}", files);

        Assert.Contains("SnapshotPathNotFound", result.ErrorIds);
        Assert.Contains(result.Output, item => $"{item.Properties[property].Value}".Contains("web", StringComparison.Ordinal));
        if (!cmdlet.Contains("-To", StringComparison.Ordinal))
            Assert.Contains(result.Output, item => $"{item.Properties[property].Value}".Contains("tenant", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Test-MeshTls absent", "MeshServiceNotFound")]
    [InlineData("Test-MeshTls -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshCircuitBreaker -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshTimeout tenant -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Resolve-MeshPolicy -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshTrafficSplit absent", "MeshServiceNotFound")]
    [InlineData("Get-MeshTrafficSplit -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshTrafficSplit tenant -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshWorkload absent", "MeshWorkloadNotFound")]
    [InlineData("Get-MeshWorkload -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshWorkload tenant-1 -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshInjection -Namespace absent", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshInjection -Namespace absent -Workload tenant-1", "MeshNamespaceNotFound")]
    [InlineData("Get-MeshInjection -Workload absent", "MeshWorkloadNotFound")]
    [InlineData("Get-MeshRequirement 9.9", "RequirementNotFound")]
    public void Names_what_is_not_there(string cmdlet, string id)
    {
        var result = _session.Run($"{cmdlet} -SnapshotPath $policies", Policies);

        Assert.Equal([id], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Equal(cmdlet.Contains("9.9", StringComparison.Ordinal) ? "9.9" : "absent", result.Errors[0].TargetObject);
    }

    [Theory]
    [InlineData("Get-MeshInjection", "shop.yaml")]
    [InlineData("Get-MeshTrafficSplit", "callers.yaml")]
    [InlineData("Get-MeshWorkload", "callers.yaml")]
    [InlineData("Test-MeshTls", "callers.yaml")]
    public void A_namespace_that_is_not_there_hides_no_other(string cmdlet, string mesh)
    {
        var result = _session.Run(
            $"{cmdlet} -Namespace absent, shop -SnapshotPath $mesh",
            new Dictionary<string, object?> { ["mesh"] = Path.Combine(Repository.Root, "tests", "Fixtures", "mesh", mesh) });

        Assert.Equal(["MeshNamespaceNotFound"], result.ErrorIds);
        Assert.Equal(["shop"], result.Output.Select(row => row.Properties["Namespace"].Value).Distinct());
    }

    [Theory]
    [InlineData("Test-MeshTls absent -Quiet")]
    [InlineData("Test-MeshTls -Namespace absent -Quiet")]
    [InlineData("Test-MeshTls -Port 9 -Quiet")]
    [InlineData("Test-MeshTls abs* -Quiet")]
    public void What_could_not_be_checked_is_not_in_order(string cmdlet) =>
        Assert.False((bool)Assert.Single(_session.Run($"{cmdlet} -SnapshotPath $policies", Policies).Output).BaseObject);

    [Theory]
    [InlineData("Test-MeshTls -Quiet")]
    [InlineData("Test-MeshDependency -Quiet")]
    [InlineData("Test-MeshAuthorization -To shop/web -Quiet")]
    public void What_says_nothing_about_a_mesh_is_an_error_and_not_in_order(string cmdlet)
    {
        var folder = Directory.CreateTempSubdirectory("voicecore-state-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "values.yaml"), "replicas: 2");

            var result = _session.Run($"{cmdlet} -SnapshotPath $folder", new Dictionary<string, object?> { ["folder"] = folder.FullName });

            Assert.Equal(["SnapshotEmpty"], result.ErrorIds);
            Assert.False((bool)Assert.Single(result.Output).BaseObject);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => _session.Dispose();
}
