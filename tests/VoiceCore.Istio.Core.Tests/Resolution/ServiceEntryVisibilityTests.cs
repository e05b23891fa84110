using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// What the mesh config makes of a ServiceEntry's exportTo (<c>serviceExportTo</c> in pilot/pkg/model/push_context.go,
/// pilot/pkg/model/serviceentry_visibility.go, release 1.31).
/// </summary>
public sealed class ServiceEntryVisibilityTests
{
    private const string Shop = "[{ visibility: NAMESPACE, matchingRules: [{ namespaceSelector: { matchLabels: { team: shop } } }] }]";

    [Theory]
    [InlineData("{}", "", "shop web")]
    [InlineData("{ defaultVisibility: NONE }", "", "shop web")]
    [InlineData("{ applyToSidecars: true }", "", "shop web")]
    [InlineData("{ applyToSidecars: true, defaultVisibility: NAMESPACE }", "", "shop")]
    [InlineData("{ applyToSidecars: true, defaultVisibility: NONE }", "", "")]
    [InlineData("{ applyToSidecars: true, defaultVisibility: NAMESPACE }", "exportTo: [shop, web], ", "shop")]
    [InlineData("{ applyToSidecars: true, defaultVisibility: NAMESPACE }", "exportTo: [web], ", "")]
    [InlineData("{ applyToSidecars: true, policies: " + Shop + " }", "", "shop")]
    [InlineData("{ applyToSidecars: true, defaultVisibility: NONE, policies: [{ visibility: PUBLIC }] }", "", "shop web")]
    [InlineData("{ applyToSidecars: true, policies: [{ visibility: NONE, matchingRules: [{ namespaceSelector: { matchLabels: { team: web } } }] }] }", "", "shop web")]
    [InlineData("{ applyToSidecars: true, policies: [{ visibility: NONE, matchingRules: [{}] }] }", "", "shop web")]
    public void The_mesh_config_narrows_who_sees_an_entry(string visibility, string exportTo, string seenBy)
    {
        var mesh = new MeshResolution(Read(
            $$"""
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: istio, namespace: istio-system }
            data: { mesh: "serviceEntryVisibility: {{visibility}}" }
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: shop, labels: { team: shop } }
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: { name: out, namespace: shop }
            spec: { hosts: [out.example.com], {{exportTo}}resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }

            """,
            Pod("shop", "client-0", "10.0.1.1"),
            Pod("web", "client-0", "10.0.2.1")));

        Assert.Equal(seenBy, string.Join(' ', mesh.Snapshot.Pods.Where(pod => mesh.Clusters(mesh.Scopes.Of(pod.Namespace, pod.Labels), pod.Labels).Any()).Select(pod => pod.Namespace)));
    }
}
