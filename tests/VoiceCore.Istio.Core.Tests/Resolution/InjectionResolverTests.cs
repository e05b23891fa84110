using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// Who injects a pod: the selectors of Istio's charts (istio-discovery/templates/mutatingwebhook.yaml, revision-tags-mwc.yaml), and
/// <c>injectRequired</c> in pkg/kube/inject/inject.go.
/// </summary>
public sealed class InjectionResolverTests
{
    private static readonly MeshSnapshot Cluster = MeshYaml.Read(Injector(""), Injector("1-30"), Webhooks);

    [Theory]
    [InlineData("istio-injection=enabled", "", "default")]
    [InlineData("istio-injection=enabled,istio.io/rev=1-30", "", "default")]
    [InlineData("istio-injection=disabled,istio.io/rev=1-30", "", null)]
    [InlineData("istio.io/rev=1-30", "", "1-30")]
    [InlineData("istio.io/rev=canary", "", "1-30")]
    [InlineData("istio.io/rev=nobody", "sidecar.istio.io/inject=true", null)]
    [InlineData("istio.io/rev=1-30", "istio.io/rev=default", "1-30")]
    [InlineData("", "istio.io/rev=canary", "1-30")]
    [InlineData("", "istio.io/rev=canary,sidecar.istio.io/inject=false", null)]
    [InlineData("", "sidecar.istio.io/inject=true", "default")]
    [InlineData("", "sidecar.istio.io/inject=yes", null)]
    [InlineData("", "sidecar.istio.io/inject=true,istio.io/rev=nobody", null)]
    [InlineData("", "", null)]
    public void Labels_choose_the_revision(string namespaceLabels, string podLabels, string? revision) =>
        Assert.Equal(revision, Resolve(Cluster, namespaceLabels, podLabels).Revision);

    [Theory]
    [InlineData("enabled", "", "", true)]
    [InlineData("enabled", "sidecar.istio.io/inject=yes", "false", true)]
    [InlineData("enabled", "sidecar.istio.io/inject=", "false", true)]
    [InlineData("enabled", "sidecar.istio.io/inject=true", "false", true)]
    [InlineData("enabled", "", "false", false)]
    [InlineData("enabled", "", "no", true)]
    [InlineData("enabled", "never=1", "", false)]
    [InlineData("enabled", "never=1,always=1", "", false)]
    [InlineData("enabled", "never=1,sidecar.istio.io/inject=true", "", true)]
    [InlineData("disabled", "", "", false)]
    [InlineData("disabled", "", "true", true)]
    [InlineData("disabled", "always=1", "", true)]
    [InlineData("disabled", "always=1,sidecar.istio.io/inject=", "", true)]
    [InlineData("off", "sidecar.istio.io/inject=true", "", false)]
    public void The_injector_looks_at_the_pod_and_at_its_own_settings(string policy, string podLabels, string annotation, bool accepts)
    {
        var snapshot = MeshYaml.Read(Injector("", policy, "[{ matchLabels: { never: '1' } }, {}]", "[{}, { matchExpressions: [{ key: always, operator: Exists }] }]"), Webhooks);

        var verdict = Resolve(snapshot, "istio-injection=enabled", podLabels, annotation.Length > 0 ? $"sidecar.istio.io/inject={annotation}" : "");

        Assert.Equal((true, accepts), (verdict.Webhooks.Count == 1, verdict.InjectorAccepts));
    }

    [Fact]
    public void What_is_not_decided_is_said()
    {
        var snapshot = MeshYaml.Read(Injector(""), Webhooks.Replace("objectSelector:", "matchConditions: [{ name: not-jobs, expression: 'true' }], objectSelector:", StringComparison.Ordinal));

        Assert.Contains("(not-jobs), which is not decided here", Resolve(snapshot, "istio-injection=enabled", "").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("not decided", Resolve(Cluster, "istio-injection=enabled", "").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_revision_has_settings_of_its_own()
    {
        var snapshot = MeshYaml.Read(Injector(""), Injector("1-30", "disabled"), Webhooks);

        Assert.True(Resolve(snapshot, "istio-injection=enabled", "").Injected);
        Assert.False(Resolve(snapshot, "istio.io/rev=canary", "").Injected);
    }

    private static InjectionVerdict Resolve(MeshSnapshot snapshot, string namespaceLabels, string podLabels, string annotations = "") =>
        new InjectionResolver(snapshot.Webhooks, snapshot.Injectors).Resolve("shop", Labels(namespaceLabels), Labels(podLabels), Labels(annotations), hostNetwork: false);

    private static LabelSet Labels(string text) =>
        LabelSet.Create(text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

    private static string Injector(string revision, string policy = "enabled", string never = "[]", string always = "[]") =>
        $$"""
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: istio-sidecar-injector{{(revision.Length > 0 ? $"-{revision}" : "")}}, namespace: istio-system }
        data:
          values: "{}"
          config: |
            policy: {{policy}}
            neverInjectSelector: {{never}}
            alwaysInjectSelector: {{always}}

        """;

    private static string Webhooks => Configuration("istio-sidecar-injector", "default", "default", isDefault: true)
        + Configuration("istio-sidecar-injector-1-30", "1-30", "1-30", isDefault: false)
        + Configuration("istio-revision-tag-canary", "1-30", "canary", isDefault: false);

    private static string Configuration(string name, string revision, string value, bool isDefault)
    {
        const string NotOff = "{ key: sidecar.istio.io/inject, operator: NotIn, values: ['false'] }";
        const string NoLabels = "{ key: istio.io/rev, operator: DoesNotExist }, { key: istio-injection, operator: DoesNotExist }";
        var hooks = Hook("rev.namespace.", $"{{ key: istio.io/rev, operator: In, values: ['{value}'] }}, {{ key: istio-injection, operator: DoesNotExist }}", NotOff)
            + Hook("rev.object.", NoLabels, $"{NotOff}, {{ key: istio.io/rev, operator: In, values: ['{value}'] }}");
        if (isDefault)
        {
            hooks += Hook("namespace.", "{ key: istio-injection, operator: In, values: [enabled] }", NotOff)
                + Hook("object.", NoLabels, "{ key: sidecar.istio.io/inject, operator: In, values: ['true'] }, { key: istio.io/rev, operator: DoesNotExist }");
        }

        return $"---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {{ name: {name}, labels: {{ istio.io/rev: {revision} }} }}\nwebhooks:\n{hooks}";
    }

    private static string Hook(string prefix, string namespaces, string objects) =>
        $"- {{ name: {prefix}sidecar-injector.istio.io, clientConfig: {{ service: {{ name: istiod, namespace: istio-system }} }}, "
        + $"namespaceSelector: {{ matchExpressions: [{namespaces}] }}, objectSelector: {{ matchExpressions: [{objects}] }} }}\n";
}
