using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>The cases that checkers forget: what automatic mTLS sends is not decided by what the workload's policy says.</summary>
public sealed class MeshTlsResolverTests
{
    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    [Theory]
    [InlineData("STRICT", TlsStatus.Secured, TlsStatus.Broken)]
    [InlineData("PERMISSIVE", TlsStatus.Secured, TlsStatus.Plaintext)]
    [InlineData("DISABLE", TlsStatus.Plaintext, TlsStatus.Plaintext)]
    public void Automatic_mTLS_follows_the_server(string mode, TlsStatus inside, TlsStatus outside)
    {
        var verdict = One(Tenant(sidecars: [true, true]), Client, Peer("shop", mode));

        Assert.Equal((inside, outside), (verdict.Status, verdict.Outside));
        Assert.Equal($"shop/{mode.ToLowerInvariant()}", verdict.ServerPolicy);
        Assert.Equal(2, verdict.Endpoints);
    }

    [Fact]
    public void A_workload_that_is_strict_in_a_disabled_namespace_gets_plaintext_and_breaks()
    {
        var verdict = One(Tenant(sidecars: [true]), Client, Peer("shop", "DISABLE"), Peer("shop", "STRICT", ", selector: { matchLabels: { app: tenant } }"));

        Assert.Equal((ServerTls.Strict, ClientSends.Plaintext, TlsStatus.Broken), (verdict.Server, verdict.Sends, verdict.Status));
        Assert.Contains("DISABLE", verdict.Reason, StringComparison.Ordinal);
        Assert.NotNull(verdict.Fix);
    }

    [Fact]
    public void One_endpoint_without_a_sidecar_takes_mTLS_from_all_of_a_headless_service()
    {
        var verdict = One(Tenant(headless: true, true, false), Client, Peer("shop", "STRICT"));

        Assert.Equal((ClientSends.Plaintext, TlsStatus.Mixed, ServerTls.Mixed), (verdict.Sends, verdict.Status, verdict.Server));
    }

    [Fact]
    public void A_rule_of_the_clients_namespace_for_everything_goes_before_the_services_own()
    {
        var verdict = One(Tenant(sidecars: [true]), Client, Peer("shop", "STRICT"), Rule("web", "*.local", "{ tls: { mode: DISABLE } }"), Rule("shop", "tenant", "{ tls: { mode: ISTIO_MUTUAL } }"));

        Assert.Equal((TlsStatus.Broken, "web/rule"), (verdict.Status, verdict.ClientPolicy));
        Assert.Contains("web/rule", verdict.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mode_for_the_number_of_the_services_port_does_nothing()
    {
        var verdict = One(Tenant(sidecars: [true]), Client, Peer("shop", "STRICT", ", selector: { matchLabels: { app: tenant } }, portLevelMtls: { 80: { mode: DISABLE } }"));
        Assert.Equal(ServerTls.Strict, verdict.Server);

        verdict = One(Tenant(sidecars: [true]), Client, Peer("shop", "STRICT", ", selector: { matchLabels: { app: tenant } }, portLevelMtls: { 8080: { mode: DISABLE } }"));
        Assert.Equal(ServerTls.Disable, verdict.Server);
    }

    [Fact]
    public void A_client_without_a_sidecar_is_judged_when_it_is_asked_for()
    {
        var snapshot = Read(Tenant(sidecars: [true]), Client, Pod("legacy", "old-0", "10.0.2.1", sidecar: false), Peer("shop", "STRICT"));

        var verdict = Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), client => client.Namespace == "legacy"));

        Assert.Equal((TlsStatus.Broken, "legacy (no sidecar)"), (verdict.Status, Assert.Single(verdict.Clients)));
    }

    [Fact]
    public void A_service_that_the_clients_Sidecar_hides_is_called_past_the_mesh()
    {
        const string Sidecar =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: narrow, namespace: web }
            spec: { egress: [{ hosts: ["./*"] }] }

            """;
        // Pods of the service's own namespace call it as before.
        var snapshot = Read(Tenant(sidecars: [true]), Client, Peer("shop", "STRICT"), Sidecar);

        var verdict = Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), client => client.Namespace == "web"));

        Assert.Equal((ClientSends.Plaintext, TlsStatus.Broken, "web/narrow"), (verdict.Sends, verdict.Status, verdict.ClientPolicy));
    }

    [Fact]
    public void Assumed_strict_shows_what_would_break()
    {
        var snapshot = Read(Tenant(sidecars: [true]), Client, Rule("web", "tenant.shop.svc.cluster.local", "{ tls: { mode: DISABLE } }"));
        Assert.Equal(TlsStatus.Plaintext, Web(snapshot).Status);

        Assert.Equal(TlsStatus.Broken, Web(StrictAssumption.Apply(snapshot, ["shop"])).Status);
    }

    [Fact]
    public void The_order_of_objects_never_matters() =>
        Gen.Shuffle((string[])[Tenant(sidecars: [true, true]), Client, Peer("shop", "STRICT"), Peer("web", "DISABLE"), Rule("web", "*.local", "{ tls: { mode: DISABLE } }"), Pod("other", "x-0", "10.0.3.1")])
            .Sample(documents => Assert.Equal(Texts(Read(Sorted(documents))), Texts(Read(documents))));

    [Fact]
    public void A_policy_for_other_workloads_never_changes_a_verdict() =>
        Gen.Select(Gen.OneOf(Gen.Const("STRICT"), Gen.Const("PERMISSIVE"), Gen.Const("DISABLE")), Gen.OneOf(Gen.Const("shop"), Gen.Const("web"), Gen.Const("istio-system"), Gen.Const("elsewhere"))).Sample((mode, ns) =>
        {
            var without = Read(Tenant(sidecars: [true]), Client, Peer("istio-system", "STRICT"));
            var with = Read(Tenant(sidecars: [true]), Client, Peer("istio-system", "STRICT"), Peer(ns, mode, ", selector: { matchLabels: { app: nobody } }"));
            Assert.Equal(Texts(without), Texts(with));
        });

    private static string[] Sorted(string[] documents) => [.. documents.Order(StringComparer.Ordinal)];

    private static string Texts(MeshSnapshot snapshot) =>
        string.Join('\n', new MeshTlsResolver(snapshot).Resolve(snapshot.Service()).Select(verdict => $"{verdict with { Clients = [] }} {string.Join(',', verdict.Clients)}"));

    private static MeshTlsVerdict Web(MeshSnapshot snapshot) => Assert.Single(new MeshTlsResolver(snapshot).Resolve(snapshot.Service(), client => client.Namespace == "web"));

    private static MeshTlsVerdict One(params string[] documents) => Web(Read(documents));
}
