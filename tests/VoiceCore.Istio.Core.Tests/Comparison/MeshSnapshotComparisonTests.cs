using CsCheck;
using VoiceCore.Istio.Core.Comparison;
using VoiceCore.Istio.Core.Snapshot;
using VoiceCore.Istio.Core.Tests.Resolution;
using VoiceCore.Istio.Core.Tests.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Comparison;

/// <summary>What is said of two states of a mesh.</summary>
public sealed class MeshSnapshotComparisonTests
{
    private const string Allow =
        """
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: callers, namespace: shop }
        spec:
          selector: { matchLabels: { app: tenant } }
          rules:
          - from: [{ source: { principals: [a, b] } }]
          - to: [{ operation: { methods: [GET] } }]

        """;

    private static readonly string[] Mesh = [MeshYaml.Tenant(false, true, true), MeshYaml.Pod("web", "front-1", "10.0.1.1"), MeshYaml.Peer("shop", "STRICT")];

    [Fact]
    public void A_rule_that_breaks_the_traffic_is_named_with_the_clients_it_breaks_it_for()
    {
        var changes = Compare(Mesh, [.. Mesh, MeshYaml.Rule("shop", "tenant", "{ tls: { mode: DISABLE } }")]);

        var verdict = Assert.Single(changes, change => change.Area == MeshChangeArea.MutualTls);
        Assert.Equal((MeshChangeAction.Changed, "shop/tenant:80", "Secured (MutualTls to Strict)", "Broken (Plaintext to Strict)"), (verdict.Action, verdict.Subject, verdict.Before, verdict.After));
        Assert.Equal(["shop", "web"], verdict.Clients);
        Assert.Equal(["Status", "Sends"], verdict.Fields.Select(field => field.Path));
        Assert.Equal(["DestinationRule shop/rule"], verdict.Causes);
        var rule = Assert.Single(changes, change => change.Area == MeshChangeArea.Object);
        Assert.Equal((MeshChangeAction.Added, "DestinationRule shop/rule"), (rule.Action, rule.Subject));
        Assert.All(changes, change => Assert.Contains(change.Area, new[] { MeshChangeArea.MutualTls, MeshChangeArea.CircuitBreaker, MeshChangeArea.Object }));
    }

    [Fact]
    public void A_limit_is_a_field_of_the_verdict_and_of_the_rule()
    {
        var changes = Compare(
            [.. Mesh, MeshYaml.Rule("shop", "tenant", "{ connectionPool: { tcp: { maxConnections: 10 } } }")],
            [.. Mesh, MeshYaml.Rule("shop", "tenant", "{ connectionPool: { tcp: { maxConnections: 20 } } }")]);

        Assert.Equal([MeshChangeArea.CircuitBreaker, MeshChangeArea.Object], changes.Select(change => change.Area));
        Assert.Equal(["MaxConnections: 10 -> 20"], changes[0].Fields.Select(field => field.ToString()));
        Assert.Equal([".spec.trafficPolicy.connectionPool.tcp.maxConnections: 10 -> 20"], changes[1].Fields.Select(field => field.ToString()));
    }

    [Theory]
    [InlineData("labels: { app: tenant", "labels: { team: a, app: tenant", 2)]
    [InlineData("mtls: { mode: STRICT }", "mtls: {    mode:   \"STRICT\" }", 0)]
    [InlineData("name: tenant-1, namespace", "name: tenant-2, namespace", 0)]
    public void What_changes_no_verdict_is_no_verdict(string from, string to, int objects)
    {
        var text = string.Concat(Mesh);
        Assert.Contains(from, text, StringComparison.Ordinal);

        var changes = Compare([text], [text.Replace(from, to, StringComparison.Ordinal)]);

        Assert.DoesNotContain(changes, change => change.Area != MeshChangeArea.Object);
        Assert.Equal(objects, changes.Length);
    }

    [Fact]
    public void Pods_that_were_replaced_by_their_like_are_no_difference()
    {
        var text = string.Concat(Mesh).Replace("name: tenant-0", "name: tenant-9", StringComparison.Ordinal).Replace("10.0.0.1", "10.0.0.9", StringComparison.Ordinal);
        var (before, after) = (MeshYaml.Read(Mesh), MeshYaml.Read(text));

        Assert.Empty(MeshSnapshotComparison.Run(Owned(before), Owned(after)));
    }

    [Fact]
    public void Rules_that_move_to_another_policy_let_in_the_same_requests()
    {
        const string Two =
            """
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: callers, namespace: shop }
            spec: { rules: [{ to: [{ operation: { methods: [GET] } }] }] }
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: others, namespace: shop }
            spec: { rules: [{ from: [{ source: { principals: [b, a] } }] }] }

            """;

        Assert.All(Compare([.. Mesh, Allow], [.. Mesh, Two]), change => Assert.Equal(MeshChangeArea.Object, change.Area));
    }

    [Fact]
    public void A_rule_that_is_gone_is_shown_for_each_workload_that_had_it()
    {
        var changes = Compare([.. Mesh, Allow], [.. Mesh, Allow.Replace("principals: [a, b]", "principals: [a]", StringComparison.Ordinal)]);

        var verdicts = changes.Where(change => change.Area == MeshChangeArea.Authorization).ToArray();
        Assert.Equal(["Pod shop/tenant-0", "Pod shop/tenant-1"], verdicts.Select(verdict => verdict.Subject));
        Assert.All(verdicts, verdict => Assert.Equal(
            "Allow: from (principals a or b); to (methods GET) -> from (principals a); to (methods GET)", Assert.Single(verdict.Fields).ToString()));
        Assert.All(verdicts, verdict => Assert.Equal(["AuthorizationPolicy shop/callers"], verdict.Causes));
    }

    [Fact]
    public void A_route_that_takes_requests_from_another_is_shown()
    {
        const string One =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: { name: tenant, namespace: shop }
            spec:
              hosts: [tenant]
              http:
              - match: [{ uri: { prefix: /a } }]
                route: [{ destination: { host: tenant } }]
                timeout: 3s
              - match: [{ uri: { prefix: /ab } }]
                route: [{ destination: { host: tenant } }]

            """;
        var longer = Assert.Single(Compare([.. Mesh, One], [.. Mesh, One.Replace("3s", "4s", StringComparison.Ordinal)]), change => change.Area == MeshChangeArea.Route);
        Assert.Equal("Timeout: 3s -> 4s", Assert.Single(longer.Fields).ToString());
        Assert.Equal(["VirtualService shop/tenant"], longer.Causes);

        var swapped = One.Replace("/ab", "/b", StringComparison.Ordinal).Replace("prefix: /a }", "prefix: /ab }", StringComparison.Ordinal).Replace("/b ", "/a ", StringComparison.Ordinal).Replace("\n    timeout: 3s", "", StringComparison.Ordinal);
        var order = Assert.Single(Compare([.. Mesh, One.Replace("\n    timeout: 3s", "", StringComparison.Ordinal)], [.. Mesh, swapped]), change => change.Area == MeshChangeArea.Route);
        Assert.EndsWith(":80 order", order.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_were_told_apart_since_are_compared_with_what_they_were()
    {
        const string Scope =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: front, namespace: web }
            spec: { workloadSelector: { labels: { app: front } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: ["./*"] }] }

            """;
        string[] mesh = [.. Mesh, MeshYaml.Pod("web", "back-1", "10.0.1.2")];

        var verdict = Assert.Single(Compare(mesh, [.. mesh, Scope]), change => change.Area == MeshChangeArea.MutualTls);

        Assert.Equal(["web/front"], verdict.Clients);
        Assert.StartsWith("Broken", verdict.After, StringComparison.Ordinal);
        Assert.Equal(["Sidecar web/front"], verdict.Causes);
    }

    [Theory]
    [InlineData(true, "Pod shop/tenant-0", "RestartNeeded by default")]
    [InlineData(false, "Namespace shop", "Injected by default")]
    public void An_injection_label_that_goes_is_a_verdict_about_the_pods_and_about_a_namespace_without_any(bool hasPod, string subject, string verdict)
    {
        const string Webhook =
            """
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: { name: istio-sidecar-injector, labels: { istio.io/rev: default } }
            webhooks: [{ name: namespace.sidecar-injector.istio.io, namespaceSelector: { matchLabels: { istio-injection: enabled } } }]

            """;
        string Namespace(string injection) => $"---\napiVersion: v1\nkind: Namespace\nmetadata: {{ name: shop, labels: {{ istio-injection: {injection} }} }}\n";
        string[] rest = hasPod ? [Webhook, MeshYaml.Pod("shop", "tenant-0", "10.0.0.1", sidecar: false)] : [Webhook];

        var changes = Compare([Namespace("enabled"), .. rest], [Namespace("disabled"), .. rest]);

        Assert.Equal([MeshChangeArea.Injection, MeshChangeArea.Object], changes.Select(change => change.Area));
        Assert.Equal((subject, verdict, "NotInjected"), (changes[0].Subject, changes[0].Before, changes[0].After));
        Assert.Equal(["Namespace shop"], changes[0].Causes);
        Assert.Equal("Namespace shop", changes[1].Subject);
    }

    [Fact]
    public void A_mesh_does_not_differ_from_itself_in_another_order() => Gen.Shuffle(EveryKind.Documents.ToArray()).Sample(
        documents => Assert.Empty(MeshSnapshotComparison.Run(EveryKind.Read(), EveryKind.Read(string.Join("\n---\n", documents)))),
        iter: 20);

    [Fact]
    public void Backwards_everything_is_the_other_way_round_and_every_verdict_has_a_cause() => Gen.Bool.Array[EveryKind.Documents.Count].Array[2].Sample(
        kept =>
        {
            var (one, other) = (Part(kept[0]), Part(kept[1]));

            var there = MeshSnapshotComparison.Run(one, other).ToArray();
            var back = MeshSnapshotComparison.Run(other, one).ToArray();

            Assert.Equal(
                there.Select(change => (change.Area, Opposite(change.Action), change.Subject, change.After, change.Before)).Order(),
                back.Select(change => (change.Area, change.Action, change.Subject, change.Before, change.After)).Order());
            Assert.All(there.Where(change => change.Area != MeshChangeArea.Object), change => Assert.NotEmpty(change.Causes));
            Assert.All(there.Where(change => change.Action == MeshChangeAction.Changed), change => Assert.NotEmpty(change.Fields));
        },
        iter: 100);

    [Fact]
    public void Only_the_areas_that_are_asked_for_are_judged()
    {
        var changes = MeshSnapshotComparison.Run(MeshYaml.Read(Mesh), MeshYaml.Read([.. Mesh, MeshYaml.Rule("shop", "tenant", "{ tls: { mode: DISABLE } }")]), [MeshChangeArea.MutualTls]);

        Assert.Equal([MeshChangeArea.MutualTls], changes.Select(change => change.Area));
    }

    private static MeshSnapshot Part(bool[] kept) => EveryKind.Read(string.Join("\n---\n", EveryKind.Documents.Where((_, index) => kept[index])));

    private static MeshChangeAction Opposite(MeshChangeAction action) => action switch
    {
        MeshChangeAction.Added => MeshChangeAction.Removed,
        MeshChangeAction.Removed => MeshChangeAction.Added,
        _ => action,
    };

    private static MeshChange[] Compare(string[] before, string[] after) => [.. MeshSnapshotComparison.Run(MeshYaml.Read(before), MeshYaml.Read(after))];

    private static MeshSnapshot Owned(MeshSnapshot snapshot) => snapshot with
    {
        Pods = [.. snapshot.Pods.Select(pod => pod with { Owner = $"StatefulSet/{pod.Labels["app"]}" })],
    };
}
