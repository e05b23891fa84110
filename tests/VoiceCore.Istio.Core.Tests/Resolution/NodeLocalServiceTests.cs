using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// With <c>internalTrafficPolicy: Local</c> a client's proxy is told of the endpoints on its node alone
/// (<c>filterIstioEndpoint</c> in pilot/pkg/xds/endpoints/endpoint_builder.go, release 1.31).
/// </summary>
public sealed class NodeLocalServiceTests
{
    [Theory]
    [InlineData("one", TlsStatus.Secured)]
    [InlineData("two", TlsStatus.Plaintext)]
    [InlineData("three", TlsStatus.NoEndpoints)]
    public void A_client_reaches_the_endpoints_of_its_node(string node, TlsStatus status)
    {
        var verdict = Assert.Single(Verdicts("Local", On(Pod("web", "client-0", "10.0.1.1"), node)));

        Assert.Equal(status, verdict.Status);
        Assert.Contains("of its own node only", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_of_several_nodes_are_one_case_that_says_from_where_nothing_is_reached()
    {
        var verdict = Assert.Single(Verdicts("Local", On(Pod("web", "client-0", "10.0.1.1"), "one"), On(Pod("web", "client-1", "10.0.1.2"), "three")));

        Assert.Equal(TlsStatus.Secured, verdict.Status);
        Assert.EndsWith("none from three.", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_on_other_nodes_have_another_verdict() => Assert.Equal(
        [("jobs", TlsStatus.Plaintext), ("web", TlsStatus.Secured)],
        Verdicts("Local", On(Pod("web", "client-0", "10.0.1.1"), "one"), On(Pod("jobs", "client-0", "10.0.3.1"), "two"))
            .Select(verdict => (verdict.Clients.Single(client => client is "web" or "jobs"), verdict.Status)).Order());

    [Fact]
    public void Elsewhere_nodes_mean_nothing() =>
        Assert.Equal(TlsStatus.Mixed, Assert.Single(Verdicts("Cluster", On(Pod("web", "client-0", "10.0.1.1"), "three"))).Status);

    // A pod with a sidecar on one node, and one without on another.
    private static MeshTlsVerdict[] Verdicts(string policy, params string[] clients)
    {
        var tenant = Tenant(sidecars: [true, false])
            .Replace("  selector: { app: tenant }", $"  internalTrafficPolicy: {policy}\n  selector: {{ app: tenant }}", StringComparison.Ordinal)
            .Replace("spec:\n  containers", "spec:\n  nodeName: two\n  containers", StringComparison.Ordinal);
        var first = tenant.IndexOf("nodeName: two", StringComparison.Ordinal);
        var snapshot = Read([tenant[..first] + "nodeName: one" + tenant[(first + "nodeName: two".Length)..], .. clients]);
        return new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), client => client.Namespace is "web" or "jobs").ToArray();
    }

    private static string On(string pod, string node) => pod.Replace("spec:\n", $"spec:\n  nodeName: {node}\n", StringComparison.Ordinal);
}
