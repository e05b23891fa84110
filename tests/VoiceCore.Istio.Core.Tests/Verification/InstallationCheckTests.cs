using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Tests.Resolution;
using VoiceCore.Istio.Core.Verification;

namespace VoiceCore.Istio.Core.Tests.Verification;

/// <summary>The checks of an installation that need nothing but what was read.</summary>
public sealed class InstallationCheckTests
{
    // https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew
    [Theory]
    [InlineData("1.31.0", "1.31.0", InstallationStatus.Ok)]
    [InlineData("1.31.0", "1.31.2", InstallationStatus.Ok)]
    [InlineData("1.30.3", "1.31.0", InstallationStatus.Ok)]
    [InlineData("1.29.9", "1.31.0", InstallationStatus.Failed)]
    [InlineData("1.31.1", "1.31.0", InstallationStatus.Failed)]
    [InlineData("1.32.0", "1.31.0", InstallationStatus.Failed)]
    [InlineData("latest", "1.31.0", InstallationStatus.Unknown)]
    [InlineData("1.31.0", "nightly", InstallationStatus.Unknown)]
    [InlineData("nightly", "nightly", InstallationStatus.Ok)]
    public void Proxies_may_be_one_minor_version_behind_and_never_ahead(string proxy, string istiod, InstallationStatus status) =>
        Assert.Equal(status, Version(proxy, istiod).Status);

    [Fact]
    public void A_proxy_that_is_ahead_is_never_in_order() =>
        Gen.Select(Gen.Int[20, 40], Gen.Int[0, 9], Gen.Int[20, 40], Gen.Int[0, 9]).Sample((proxyMinor, proxyPatch, minor, patch) =>
        {
            var isAhead = (proxyMinor, proxyPatch).CompareTo((minor, patch)) > 0;
            var isOk = Version($"1.{proxyMinor}.{proxyPatch}", $"1.{minor}.{patch}").Status == InstallationStatus.Ok;
            Assert.Equal(!isAhead && minor - proxyMinor <= 1, isOk);
        });

    [Fact]
    public void Proxies_of_a_revision_that_is_gone_are_orphans()
    {
        var check = VersionCheck.Of(Workload("1.31.0"), [ControlPlane("other", "1.31.0")]);

        Assert.Equal(InstallationStatus.Failed, check.Status);
        Assert.Contains("1-31-0", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2, 2, 2, InstallationStatus.Ok)]
    [InlineData(2, 1, 2, 2, InstallationStatus.Failed)]
    [InlineData(0, 0, 0, 0, InstallationStatus.Failed)]
    [InlineData(2, 2, 1, 3, InstallationStatus.Failed)]
    public void A_deployment_is_judged_as_its_rollout(int wanted, int available, int updated, int replicas, InstallationStatus status)
    {
        var deployment = Json($$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"istio-system","generation":3},"spec":{"replicas":{{wanted}}},
             "status":{"observedGeneration":3,"replicas":{{replicas}},"updatedReplicas":{{updated}},"availableReplicas":{{available}} } }
            """);

        Assert.Equal(status, ReadinessCheck.Of(deployment).Status);
    }

    [Theory]
    [InlineData("True", "True", true, InstallationStatus.Ok)]
    [InlineData("True", "True", false, InstallationStatus.Failed)]
    [InlineData("True", "False", true, InstallationStatus.Failed)]
    [InlineData("False", "True", true, InstallationStatus.Failed)]
    public void A_kind_is_established_and_served(string accepted, string established, bool served, InstallationStatus status)
    {
        var reference = KindCheck.Expected[0];
        var definition = Json($$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{reference.Name}}"},
             "spec":{"versions":[{"name":"v1","served":{{(served ? "true" : "false")}} }]},
             "status":{"conditions":[{"type":"NamesAccepted","status":"{{accepted}}"},{"type":"Established","status":"{{established}}"}] } }
            """);

        Assert.Equal(status, KindCheck.Of(reference, definition).Status);
        Assert.Equal(InstallationStatus.Failed, KindCheck.Of(reference, null).Status);
    }

    [Theory]
    [InlineData("istiod", true, "QQ==", "Fail", "")]
    [InlineData("absent", true, "QQ==", "Fail", "does not exist")]
    [InlineData("istiod", false, "QQ==", "Fail", "no ready endpoint")]
    [InlineData("istiod", true, "", "Fail", "caBundle")]
    [InlineData("istiod", true, "QQ==", "Ignore", "failurePolicy")]
    public void A_webhook_leads_to_something_that_can_answer(string service, bool ready, string caBundle, string failurePolicy, string problem)
    {
        var snapshot = MeshYaml.Read($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: istiod, namespace: istio-system }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: istiod-1, namespace: istio-system, labels: { kubernetes.io/service-name: istiod } }
            ports: [{ name: https, port: 15017 }]
            endpoints: [{ addresses: [10.0.0.1], conditions: { ready: {{(ready ? "true" : "false")}} } }]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: { name: istio-validator }
            webhooks:
            - name: rev.validation.istio.io
              failurePolicy: {{failurePolicy}}
              clientConfig: { caBundle: "{{caBundle}}", service: { name: {{service}}, namespace: istio-system } }
            """);

        var check = WebhookCheck.Of(Assert.Single(snapshot.Webhooks), snapshot);

        Assert.Equal(problem.Length == 0 ? InstallationStatus.Ok : InstallationStatus.Failed, check.Status);
        Assert.Contains(problem, check.Message, StringComparison.Ordinal);
        Assert.Equal("ValidatingWebhookConfiguration istio-validator", check.Object);
    }

    [Fact]
    public void A_tag_that_names_what_is_gone_dangles()
    {
        var snapshot = MeshYaml.Read("""
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: { name: istio-revision-tag-prod, labels: { istio.io/rev: 1-20-0, istio.io/tag: prod } }
            webhooks: [{ name: rev.namespace.sidecar-injector.istio.io }]
            """);

        Assert.Equal(InstallationStatus.Failed, Assert.Single(RevisionCheck.Tags(snapshot, [ControlPlane("1-31-0", "1.31.0")])).Status);
        Assert.Equal(InstallationStatus.Ok, Assert.Single(RevisionCheck.Tags(snapshot, [ControlPlane("1-20-0", "1.20.0")])).Status);
    }

    [Fact]
    public void A_namespace_whose_revision_nobody_serves_is_named_and_one_outside_is_not()
    {
        var snapshot = MeshYaml.Read("""
            apiVersion: v1
            kind: Namespace
            metadata: { name: shop, labels: { istio.io/rev: gone } }
            ---
            apiVersion: v1
            kind: Namespace
            metadata: { name: plain }
            """);

        var check = Assert.Single(RevisionCheck.Namespaces(snapshot));
        Assert.Equal(("Namespace shop", InstallationStatus.Failed), (check.Object, check.Status));
    }

    private static InstallationCheck Version(string proxy, string istiod) => VersionCheck.Of(Workload(proxy), [ControlPlane("1-31-0", istiod)]);

    private static InstalledControlPlane ControlPlane(string revision, string version) => InstalledControlPlane.Of([Json($$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"istio-system","labels":{"app":"istiod","istio.io/rev":"{{{revision}}}" } },
         "spec":{"template":{"spec":{"containers":[{"name":"discovery","image":"istio/pilot:{{{version}}}"}] } } } }
        """)]).Single();

    private static MeshWorkload Workload(string version) => MeshWorkload.Of(MeshYaml.Read($$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: tenant, namespace: shop, annotations: { istio.io/rev: 1-31-0 } }
        spec: { containers: [{ name: istio-proxy, image: "istio/proxyv2:{{version}}" }] }
        status: { phase: Running }
        """)).Single();

    private static KubernetesObject Json(string json) => new(JsonNode.Parse(json)!.AsObject());
}
