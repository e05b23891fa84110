using System.Text.Json.Nodes;
using CsCheck;
using VoiceCore.Istio.Core.Resolution;
using static VoiceCore.Istio.Core.Tests.Resolution.MeshYaml;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>Whose tokens a workload takes, and what that means for a request.</summary>
public sealed class RequestTokenTests
{
    private const string OnlyPartner =
        """
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: partner, namespace: shop }
        spec: { rules: [{ from: [{ source: { requestPrincipals: ["https://partner/*"] } }] }] }

        """;

    [Theory]
    [InlineData("""{ "iss": "https://partner", "sub": "x" }""", AuthorizationDecision.Allow, "allows it")]
    [InlineData("""{ "iss": "https://other", "sub": "x" }""", AuthorizationDecision.Unauthorized, "https://other")]
    [InlineData("""{ "sub": "x" }""", AuthorizationDecision.Unauthorized, "(none)")]
    public void A_token_of_an_issuer_that_nobody_names_gets_401(string claims, AuthorizationDecision decision, string reason)
    {
        var answer = Ask(claims, Tokens("shop", "https://partner"), OnlyPartner);

        Assert.Equal(decision, answer.Decision);
        Assert.Contains(reason, answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_RequestAuthentication_a_token_has_no_claims()
    {
        var answer = Ask("""{ "iss": "https://partner", "sub": "x" }""", OnlyPartner);

        Assert.Equal(AuthorizationDecision.Deny, answer.Decision);
        Assert.Contains("no RequestAuthentication is for the workload", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_a_token_passes_the_RequestAuthentication() =>
        Assert.Equal(AuthorizationDecision.Allow, Ask(null, Tokens("shop", "https://partner")).Decision);

    [Theory]
    [InlineData("shop", "", true)]
    [InlineData("istio-system", "", true)]
    [InlineData("web", "", false)]
    [InlineData("shop", "selector: { matchLabels: { app: tenant } },", true)]
    [InlineData("istio-system", "selector: { matchLabels: { app: tenant } },", true)]
    [InlineData("shop", "selector: { matchLabels: { app: other } },", false)]
    [InlineData("shop", "targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gw }],", false)]
    public void Counts_the_policies_that_are_for_the_workload(string @namespace, string selector, bool counts) =>
        Assert.Equal(
            counts ? AuthorizationDecision.Unauthorized : AuthorizationDecision.Allow,
            Ask("""{ "iss": "https://other" }""", Tokens(@namespace, "https://partner", selector)).Decision);

    [Theory]
    [InlineData("\"shop\"", AuthorizationDecision.Allow)]
    [InlineData("[\"x\", \"shop\"]", AuthorizationDecision.Allow)]
    [InlineData("\"https://shop/\"", AuthorizationDecision.Allow)]
    [InlineData("\"http://shop\"", AuthorizationDecision.Allow)]
    [InlineData("\"shops\"", AuthorizationDecision.Deny)]
    [InlineData("[]", AuthorizationDecision.Deny)]
    public void Looks_at_the_audience(string audience, AuthorizationDecision decision)
    {
        var claims = $$"""{ "iss": "https://partner", "aud": {{audience}} }""";

        Assert.Equal(decision, Ask(claims, Tokens("shop", "https://partner", audiences: "shop")).Decision);
        // A second rule of the issuer that takes any audience is enough.
        Assert.Equal(AuthorizationDecision.Allow, Ask(claims, Tokens("shop", "https://partner", audiences: "shop"), Tokens("istio-system", "https://partner")).Decision);
    }

    [Fact]
    public void Splits_the_claims_that_the_rule_names()
    {
        const string Groups =
            """
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: { name: groups, namespace: shop }
            spec: { rules: [{ when: [{ key: "request.auth.claims[groups]", values: [admin] }] }] }

            """;
        const string Claims = """{ "iss": "https://partner", "groups": "users admin" }""";

        Assert.Equal(AuthorizationDecision.Deny, Ask(Claims, Tokens("shop", "https://partner"), Groups).Decision);
        Assert.Equal(AuthorizationDecision.Allow, Ask(Claims, Tokens("shop", "https://partner", delimited: "groups"), Groups).Decision);
    }

    [Fact]
    public void A_policy_for_other_workloads_never_changes_what_becomes_of_a_token() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Sample((issuer, other) =>
        {
            var claims = $$"""{ "iss": "https://issuer-{{issuer}}" }""";
            string[] documents = [Tokens("shop", "https://issuer-0")];
            Assert.Equal(
                Ask(claims, documents).Decision,
                Ask(claims, [.. documents, Tokens(other ? "web" : "shop", "https://issuer-1", other ? "" : "selector: { matchLabels: { app: nobody } },", name: "other")]).Decision);
        });

    [Fact]
    public void Nobody_reads_tokens_on_a_TCP_port()
    {
        var snapshot = Read(Tenant(sidecars: [true]).Replace("name: http", "name: tcp", StringComparison.Ordinal), Tokens("shop", "https://partner"));

        Assert.Equal(AuthorizationDecision.Allow, Assert.Single(new AuthorizationTester(snapshot).Run(Query("""{ "iss": "https://other" }"""))).Decision);
    }

    private static AuthorizationQuery Query(string? claims) => new() { To = "shop/tenant", From = "web/caller", Claims = claims is null ? null : JsonNode.Parse(claims)!.AsObject() };

    private static AuthorizationAnswer Ask(string? claims, params string[] documents) =>
        Assert.Single(new AuthorizationTester(Read([Tenant(sidecars: [true]), .. documents])).Run(Query(claims)));

    private static string Tokens(string @namespace, string issuer, string selector = "", string audiences = "", string delimited = "", string name = "tokens") =>
        $$"""
        ---
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        spec: { {{selector}} jwtRules: [{ issuer: "{{issuer}}", audiences: [{{audiences}}], spaceDelimitedClaims: [{{delimited}}] }] }

        """;
}
