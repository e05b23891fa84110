using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Subsets by where endpoints run (<c>AugmentLabels</c> in pilot/pkg/serviceregistry/util/label/label.go, release 1.31).</summary>
public sealed class EndpointTopologyTests
{
    [Theory]
    [InlineData("topology.kubernetes.io/zone: east-1", true)]
    [InlineData("topology.kubernetes.io/zone: east-2", false)]
    [InlineData("topology.kubernetes.io/region: east", false)]
    [InlineData("kubernetes.io/hostname: one", true)]
    [InlineData("topology.istio.io/cluster: Kubernetes", true)]
    [InlineData("topology.istio.io/cluster: other", false)]
    [InlineData("app: tenant, kubernetes.io/hostname: one", true)]
    public void A_pod_is_where_its_slice_and_its_node_say(string labels, bool isIn) => Assert.Equal(isIn, IsIn(labels, Slice(""), ""));

    // getPodLocality in pilot/pkg/serviceregistry/kube/controller/controller.go, GetLocalityLabel and SanitizeLocalityLabel in pkg/model/proxy.go.
    [Theory]
    [InlineData("istio-locality: west.west-7.rack-1", "topology.kubernetes.io/zone: west-7", true)]
    [InlineData("istio-locality: west.west-7.rack-1", "topology.istio.io/subzone: rack-1", true)]
    [InlineData("istio-locality: west.west-7, topology.istio.io/locality: east.east-5", "topology.kubernetes.io/zone: east-5", true)]
    [InlineData("istio-locality: west.west-7", "topology.kubernetes.io/zone: east-1", false)]
    [InlineData("topology.kubernetes.io/region: east", "topology.kubernetes.io/region: east", true)]
    public void Labels_of_the_pod_can_say_more(string own, string labels, bool isIn) => Assert.Equal(isIn, IsIn(labels, Slice(own), ""));

    [Fact]
    public void The_cluster_has_the_name_that_istiod_is_given()
    {
        const string Istiod =
            """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: istiod, namespace: istio-system }
            spec: { template: { spec: { containers: [{ name: discovery, image: pilot, env: [{ name: CLUSTER_ID, value: east }] }] } } }

            """;

        Assert.True(IsIn("topology.istio.io/cluster: east", Slice(""), Istiod));
        Assert.False(IsIn("topology.istio.io/cluster: Kubernetes", Slice(""), Istiod));
    }

    // convertWorkloadEntryToWorkloadInstance in pilot/pkg/serviceregistry/serviceentry/conversion.go: what is written goes before the label.
    [Theory]
    [InlineData("east/east-1/rack-2", "topology.kubernetes.io/region: east, topology.kubernetes.io/zone: east-1, topology.istio.io/subzone: rack-2", true)]
    [InlineData("east", "topology.kubernetes.io/region: east", true)]
    [InlineData("east", "topology.kubernetes.io/zone: old", false)]
    [InlineData("", "topology.kubernetes.io/region: very, topology.kubernetes.io/zone: old", true)]
    public void A_workload_is_where_its_entry_says(string locality, string labels, bool isIn)
    {
        var entry =
            $$"""
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: tenant, namespace: web }
            spec:
              hosts: [tenant.shop.svc.cluster.local]
              resolution: STATIC
              ports: [{ number: 80, name: http, protocol: HTTP }]
              endpoints: [{ address: 10.9.0.1, locality: "{{locality}}", labels: { istio-locality: very.old } }]

            """;

        Assert.Equal(isIn, IsIn(labels, entry, ""));
    }

    private static string Slice(string labels) => Tenant(sidecars: [true])
        .Replace("spec:\n  containers", "spec:\n  nodeName: one\n  containers", StringComparison.Ordinal)
        .Replace("targetRef:", "zone: east-1, targetRef:", StringComparison.Ordinal)
        .Replace("labels: { app: tenant, security", $"labels: {{ app: tenant{(labels.Length > 0 ? ", " + labels : "")}, security", StringComparison.Ordinal);

    private static bool IsIn(string labels, params string[] documents)
    {
        var rule = Rule("web", "tenant.shop.svc.cluster.local", "{}").Replace("trafficPolicy: {}", $"subsets: [{{ name: here, labels: {{ {labels} }} }}]", StringComparison.Ordinal);
        var mesh = new MeshResolution(Read([Pod("web", "client-0", "10.0.1.1"), rule, .. documents]));
        var client = mesh.Snapshot.Pods.Single(pod => pod.Name == "client-0");
        return mesh.Clusters(mesh.Scopes.Of("web", client.Labels), client.Labels).Single(cluster => cluster.Subset is not null).Endpoints.Any();
    }
}
