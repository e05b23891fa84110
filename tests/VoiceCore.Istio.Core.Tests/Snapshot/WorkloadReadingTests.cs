using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Tests.Resolution;

namespace VoiceCore.Istio.Core.Tests.Snapshot;

public sealed class WorkloadReadingTests
{
    [Fact]
    public void A_deployment_says_what_its_pods_will_be_and_nothing_of_its_environment_but_known_settings()
    {
        var deployment = Assert.Single(MeshYaml.Read("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: istiod, namespace: istio-system, labels: { app: istiod } }
            spec:
              template:
                metadata: { labels: { app: istiod }, annotations: { sidecar.istio.io/inject: "false" } }
                spec:
                  serviceAccountName: istiod
                  securityContext: { runAsUser: 1000 }
                  containers:
                  - name: discovery
                    image: pilot:1.30.3
                    securityContext: { runAsUser: 1337 }
                    env: [{ name: MAX_WORKLOAD_CERT_TTL, value: 24h }, { name: PASSWORD, value: secret }, { name: DEFAULT_WORKLOAD_CERT_TTL, valueFrom: { secretKeyRef: { name: a, key: b } } }]
            """).Deployments);
        Assert.Equal("istio-system/istiod", deployment.Template.Key);
        Assert.Equal("istiod", deployment.Template.ServiceAccount);
        Assert.Equal("false", deployment.Template.Annotations["sidecar.istio.io/inject"]);
        Assert.Equal(1000, deployment.Template.RunAsUser);
        Assert.Equal(new ContainerRecord("discovery", "pilot:1.30.3", IsInit: false) { RunAsUser = 1337 }, Assert.Single(deployment.Template.Containers));
        Assert.Equal("MAX_WORKLOAD_CERT_TTL=24h", deployment.Settings.ToString());
    }

    [Fact]
    public void Objects_of_the_gateway_api_are_not_taken_for_istios_own()
    {
        var snapshot = MeshYaml.Read("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: { name: front, namespace: shop }
            spec: { listeners: [{ name: a, port: 80 }] }
            status: { conditions: [{ type: Programmed, status: "False", reason: AddressNotAssigned, message: none }] }
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: { name: front, namespace: shop }
            status: { parents: [{ conditions: [{ type: Accepted, status: "True" }] }] }
            """);
        Assert.Empty(snapshot.Gateways);
        Assert.Equal(["Gateway shop/front", "HTTPRoute shop/front"], snapshot.GatewayApiObjects.Select(item => item.ToString()));
        Assert.Equal(new ObjectCondition("Programmed", "False", "AddressNotAssigned", "none"), snapshot.GatewayApiObjects[0].Conditions[0]);
        Assert.Equal("Accepted", snapshot.GatewayApiObjects[1].Conditions[0].Type);
    }

    [Fact]
    public void What_a_control_plane_injects_stands_in_its_config_map()
    {
        var injector = Assert.Single(MeshYaml.Read("""
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: istio-sidecar-injector-1-30, namespace: istio-system }
            data: { values: '{"global":{"hub":"hub","tag":"1.30.3","proxy":{"image":"proxyv2"}},"sidecarInjectorWebhook":{"enableNamespacesByDefault":true}}' }
            """).Injectors);
        Assert.Equal("hub/proxyv2:1.30.3", injector.ProxyImage);
        Assert.True(injector.EnableNamespacesByDefault);
    }
}
