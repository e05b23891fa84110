using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Whose tokens a workload verifies. Only a verified token has claims; a request without a token passes, one with a bad token does not.
/// Source: pilot/pkg/model/authentication.go, <c>convertToEnvoyJwtConfig</c> in pilot/pkg/security/authn/policy_applier.go, Envoy's
/// documentation of the JWT authentication filter.
/// </summary>
public sealed class RequestAuthenticationResolver
{
    /// <summary>Claims that Envoy splits at spaces into lists, in every mesh.</summary>
    internal static readonly IReadOnlySet<string> SpaceDelimitedClaims = new HashSet<string> { "permission", "scope" };

    private readonly string _rootNamespace;
    private readonly ILookup<string, RequestAuthentication> _policies;

    /// <summary>Takes the policies of a snapshot.</summary>
    public RequestAuthenticationResolver(MeshSnapshot snapshot)
    {
        _rootNamespace = snapshot.Mesh.RootNamespace;
        _policies = snapshot.RequestAuthentications.ToLookup(policy => policy.Namespace);
    }

    /// <summary>The rules of all policies that are for the workload, together.</summary>
    public IEnumerable<JwtRule> Rules(string workloadNamespace, LabelSet workloadLabels) =>
        new[] { workloadNamespace, _rootNamespace }.Distinct()
            .SelectMany(name => _policies[name])
            .Where(policy => PolicyAttachment.WhyNot(
                policy, policy.Selector, policy.Targets, _rootNamespace, workloadNamespace, workloadLabels) is null)
            .SelectMany(policy => policy.Rules);

    /// <summary>
    /// What the workload's proxy makes of a token with these claims that is signed by its issuer, in force, and where a rule looks for it;
    /// with the rule that takes it.
    /// </summary>
    public (TokenVerdict Verdict, JwtRule? Rule) Verify(string workloadNamespace, LabelSet workloadLabels, JsonObject claims)
    {
        var rules = Rules(workloadNamespace, workloadLabels).ToArray();
        if (rules.Length == 0)
            return (TokenVerdict.NotRead, null);
        var issuer = Texts(claims["iss"]).FirstOrDefault();
        var ofIssuer = Array.FindAll(rules, rule => rule.Issuer == issuer);
        if (ofIssuer.Length == 0)
            return (TokenVerdict.UnknownIssuer, null);
        var audiences = Texts(claims["aud"]).Select(Audience).ToHashSet();
        var taking = Array.Find(ofIssuer, rule => rule.Audiences.Count == 0 || rule.Audiences.Any(audience => audiences.Contains(Audience(audience))));
        return taking is null ? (TokenVerdict.WrongAudience, null) : (TokenVerdict.Verified, taking);
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        (node is JsonArray list ? list : (IEnumerable<JsonNode?>)[node]).OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>();

    // Envoy compares audiences without scheme and without a slash at the end.
    private static string Audience(string text)
    {
        var start = text.StartsWith("https://", StringComparison.Ordinal) ? 8 : text.StartsWith("http://", StringComparison.Ordinal) ? 7 : 0;
        return text.EndsWith('/') ? text[start..^1] : text[start..];
    }
}

/// <summary>What a proxy makes of a token.</summary>
public enum TokenVerdict
{
    /// <summary>No RequestAuthentication is for the workload: nobody reads the token, and it has no claims.</summary>
    NotRead,

    /// <summary>It is taken, and its claims count.</summary>
    Verified,

    /// <summary>No rule names its issuer: 401 <c>Jwt issuer is not configured</c>.</summary>
    UnknownIssuer,

    /// <summary>The issuer's rule does not take its audience: 403 <c>Audiences in Jwt are not allowed</c>.</summary>
    WrongAudience,
}
