using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>
/// A policy sees the identity of the client's certificate, and no certificate is sent where the client's proxy uses no mutual TLS
/// (https://istio.io/latest/docs/reference/config/security/authorization-policy/, "principals" require mTLS).
/// </summary>
public sealed class AuthorizationIdentityTests
{
    private const string OnlyTheClient =
        """
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: only, namespace: shop }
        spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/web/sa/default] } }] }] }

        """;

    private static readonly string Client = Pod("web", "client-0", "10.0.1.1");

    [Theory]
    [InlineData("web/client-0")]
    [InlineData("web/default")]
    [InlineData("spiffe://cluster.local/ns/web/sa/default")]
    public void A_client_that_uses_mutual_TLS_is_known(string from) =>
        Assert.Equal(AuthorizationDecision.Allow, Ask(from, Tenant(sidecars: [true])).Decision);

    [Theory]
    [InlineData("web/client-0")]
    [InlineData("web/default")]
    public void A_rule_that_switches_TLS_off_takes_the_identity_away(string from)
    {
        var answer = Ask(from, Tenant(sidecars: [true]), Rule("shop", "tenant", "{ tls: { mode: DISABLE } }"));

        Assert.Equal(AuthorizationDecision.Deny, answer.Decision);
        Assert.Contains("no identity", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_strict_server_does_not_take_what_a_rule_sends_in_plaintext() =>
        Assert.Equal(AuthorizationDecision.NoListener, Ask("web/client-0", Tenant(sidecars: [true]), Peer("shop", "STRICT"), Rule("shop", "tenant", "{ tls: { mode: DISABLE } }")).Decision);

    [Fact]
    public void A_port_that_is_switched_off_gets_plaintext_and_takes_it()
    {
        var answer = Ask("web/client-0", Tenant(sidecars: [true]), Peer("shop", "DISABLE"));

        Assert.Equal(AuthorizationDecision.Deny, answer.Decision);
    }

    [Fact]
    public void A_pod_without_a_sidecar_does_not_take_mutual_TLS() =>
        Assert.Equal(AuthorizationDecision.NoListener, Ask("web/client-0", Tenant(sidecars: [false]), Rule("shop", "tenant", "{ tls: { mode: ISTIO_MUTUAL } }")).Decision);

    [Theory]
    [InlineData("ALLOW_ANY", AuthorizationDecision.Deny)]
    [InlineData("REGISTRY_ONLY", AuthorizationDecision.NoListener)]
    public void A_service_that_the_client_does_not_see_is_called_without_identity_or_not_at_all(string outbound, AuthorizationDecision decision)
    {
        var sidecar = $$"""
            ---
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: { name: default, namespace: web }
            spec: { outboundTrafficPolicy: { mode: {{outbound}} }, egress: [{ hosts: ["./*"] }] }

            """;

        Assert.Equal(decision, Ask("web/client-0", Tenant(sidecars: [true]), sidecar).Decision);
    }

    [Fact]
    public void A_Service_goes_before_a_pod_of_its_name()
    {
        var answer = Ask("web/client-0", Tenant(sidecars: [true]), Pod("shop", "tenant", "10.0.9.9"));

        Assert.Equal(["shop/tenant-0"], answer.Pods);
    }

    private static AuthorizationAnswer Ask(string from, params string[] mesh) =>
        Assert.Single(new AuthorizationTester(Read([.. mesh, Client, OnlyTheClient])).Run(new AuthorizationQuery { From = from, To = "shop/tenant", Port = 80 }));
}
