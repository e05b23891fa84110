using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>What rules ask of tokens: <c>requestPrincipalGenerator</c> and <c>requestClaimGenerator</c> in pilot/pkg/security/authz/model/generator.go.</summary>
public sealed class AuthorizationTokenMatchingTests
{
    // The last slash parts them, be it one of the scheme's.
    [Theory]
    [InlineData("*", true)]
    [InlineData("https://issuer.example/user-1", true)]
    [InlineData("https://issuer.example/*", true)]
    [InlineData("https://issuer.example/user*", true)]
    [InlineData("https://issuer.example/*user*", false)]
    [InlineData("https://issuer.example*", false)]
    [InlineData("http*", true)]
    [InlineData("*/user-1", true)]
    [InlineData("*.example/user-1", true)]
    [InlineData("*/user-2", false)]
    [InlineData("*-1", true)]
    [InlineData("https://issuer.example", false)]
    [InlineData("user-1", false)]
    public void A_request_principal_is_issuer_and_subject(string value, bool matches) =>
        Assert.Equal(matches, IsAllowed($"from: [{{ source: {{ requestPrincipals: ['{value}'] }} }}]"));

    [Theory]
    [InlineData("role", "[admin]", true)]
    [InlineData("role", "['ad*']", true)]
    [InlineData("role", "['*']", true)]
    [InlineData("role", "[user]", false)]
    [InlineData("groups", "[b]", true)]
    [InlineData("groups", "['a,b']", false)]
    [InlineData("org][team", "[core]", true)]
    [InlineData("org][team][x", "[core]", false)]
    [InlineData("org", "['*']", false)]
    [InlineData("level", "['7']", false)]
    [InlineData("absent", "['*']", false)]
    public void A_claim_is_a_text_or_a_list_of_texts(string path, string values, bool matches) =>
        Assert.Equal(matches, IsAllowed($"when: [{{ key: 'request.auth.claims[{path}]', values: {values} }}]"));

    // Of other than ALLOW rules only the demand vanishes that a TCP connection cannot meet: more is denied.
    [Fact]
    public void On_a_TCP_port_a_DENY_rule_about_tokens_denies_everything()
    {
        var resolver = Resolver("DENY", "from: [{ source: { requestPrincipals: ['*'] } }]");

        Assert.Equal(AuthorizationDecision.Deny, resolver.Decide("shop", LabelSet.Empty, new AuthorizationRequest { Port = 5432 }, http: false).Decision);
        Assert.Equal(AuthorizationDecision.Allow, resolver.Decide("shop", LabelSet.Empty, new AuthorizationRequest { Port = 80 }, http: true).Decision);
    }

    private static bool IsAllowed(string rule) => Resolver("ALLOW", rule).Decide("shop", LabelSet.Empty, Request, http: true).Decision == AuthorizationDecision.Allow;

    private static AuthorizationPolicyResolver Resolver(string action, string rule) => new(MeshYaml.Read($$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: one, namespace: shop }
        spec: { action: {{action}}, rules: [{ {{rule}} }] }

        """));

    private static AuthorizationRequest Request => new()
    {
        Port = 80,
        Path = "/",
        Claims = (JsonObject)JsonNode.Parse("""{ "iss": "https://issuer.example", "sub": "user-1", "role": "admin", "groups": ["a", "b"], "org": { "team": "core" }, "level": 7 }""")!,
    };
}
