using System.Text;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

/// <summary>The API server writes null for what is not set, in the middle of objects and lists; it ends nothing.</summary>
public sealed class NullValueTests
{
    [Fact]
    public void A_pod_of_the_API_server_is_read_behind_its_nulls()
    {
        var snapshot = Read("""
            {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[{
              "metadata":{"name":"tenant-1","namespace":"voicecore-ai","creationTimestamp":null,"labels":null,"annotations":{"a":null,"sidecar.istio.io/status":"{}"},"ownerReferences":[{"kind":"ReplicaSet","apiVersion":null,"name":"tenant","controller":true}]},
              "spec":{"nodeName":null,"containers":[{"image":null,"name":"app"},{"name":"istio-proxy","resources":null,"image":"proxyv2"}],"serviceAccountName":"tenant"},
              "status":{"podIP":null,"conditions":[{"type":"Ready","lastProbeTime":null,"status":"True"},{"lastProbeTime":null,"type":"Other"}],"phase":"Running"}}]}
            """);

        var pod = Assert.Single(snapshot.Pods);
        Assert.Equal(("tenant-1", "ReplicaSet/tenant", "tenant", "Running", true, true), (pod.Name, pod.Owner, pod.ServiceAccount, pod.Phase, pod.Ready, pod.HasSidecar));
        Assert.Equal(["app", "istio-proxy"], pod.Containers.Select(container => container.Name));
    }

    [Fact]
    public void Services_and_endpoints_are_read_behind_their_nulls()
    {
        var snapshot = Read("""
            {"kind":"Service","apiVersion":"v1","metadata":{"name":"s","namespace":"n"},"spec":{"externalName":null,"selector":null,"ports":[{"appProtocol":null,"port":80,"nodePort":null,"name":"http"}],"clusterIP":"None"}}
            {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"s-1","namespace":"n","labels":{"kubernetes.io/service-name":"s"}},"ports":[{"name":null,"port":8080},{"name":"b","port":null}],
             "endpoints":[{"addresses":["10.0.0.1"],"conditions":null,"targetRef":null},{"hostname":null,"conditions":{"serving":null,"ready":false},"addresses":["10.0.0.2"],"targetRef":{"uid":null,"kind":"Pod","name":"p"}}]}
            """);

        Assert.Equal(("http", 80, true), (Assert.Single(snapshot.Services).Ports[0].Name, snapshot.Services[0].Ports[0].Port, snapshot.Services[0].IsHeadless));
        var slice = Assert.Single(snapshot.EndpointSlices);
        Assert.Equal([("10.0.0.1", null, true), ("10.0.0.2", "p", false)], slice.Endpoints.Select(endpoint => (endpoint.Address, endpoint.Pod, endpoint.Ready)));
        Assert.Equal([8080, 0], slice.Ports.Select(port => port.Port));
    }

    private static MeshSnapshot Read(string json)
    {
        var reader = new MeshSnapshotReader();
        reader.AddJson(Encoding.UTF8.GetBytes(json), "test");
        return reader.Build();
    }
}
