using VoiceCore.Istio.Core.Resolution;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Comparison;

/// <summary>
/// The rules that are enforced for a workload, all its policies together: which of several policies has a rule, and in which order rules and
/// values stand, makes no difference to any request.
/// </summary>
internal static class AuthorizationVerdicts
{
    internal static VerdictSource Of(MeshSnapshot snapshot)
    {
        var policies = new AuthorizationPolicyResolver(snapshot);
        var tokens = new RequestAuthenticationResolver(snapshot);
        return VerdictSource.Of(MeshWorkload.Of(snapshot).Select(workload =>
            (new VerdictSubject(workload.Kind, workload.Namespace, workload.Name), Fact(snapshot, policies, tokens, PodSummary.Newest(workload)))));
    }

    private static VerdictFact Fact(MeshSnapshot snapshot, AuthorizationPolicyResolver resolver, RequestAuthenticationResolver tokens, PodRecord pod)
    {
        if (!pod.HasSidecar)
            return new VerdictFact("", [], "Nothing is enforced: no sidecar", [("Sidecar", "False")]);
        var enforced = resolver.Candidates(pod.Namespace, pod.Labels)
            .Where(candidate => candidate.WhyNot is null && !candidate.Policy.IsDryRun)
            .ToLookup(candidate => candidate.Policy.Action, candidate => candidate.Policy);
        var (allow, deny, custom) = (Rules(enforced[AuthorizationAction.Allow]), Rules(enforced[AuthorizationAction.Deny]), Rules(enforced[AuthorizationAction.Custom]));
        var hasRules = allow is not null || deny is not null || custom is not null;
        return new VerdictFact(
            "",
            [],
            hasRules ? string.Join(", ", Counts(("ALLOW", allow), ("DENY", deny), ("CUSTOM", custom))) : "Everything is allowed",
            [
                ("Sidecar", "True"),
                ("Allow", Text(allow)),
                ("Deny", Text(deny)),
                ("Custom", Text(custom)),
                ("Providers", Joined(enforced[AuthorizationAction.Custom].Select(policy => Provider(snapshot.Mesh, policy.Provider)))),
                ("Tokens", Joined(tokens.Rules(pod.Namespace, pod.Labels).Select(Token))),
                // What rules are compared with.
                ("TrustDomains", hasRules ? string.Join(", ", snapshot.Mesh.TrustDomainAliases.Order(StringComparer.Ordinal).Prepend(snapshot.Mesh.TrustDomain)) : null),
                ("PathNormalization", hasRules ? snapshot.Mesh.PathNormalization : null),
            ]);
    }

    // Null without a policy; empty where the policies have no rule.
    private static string[]? Rules(IEnumerable<AuthorizationPolicy> policies)
    {
        var all = policies.ToArray();
        return all.Length == 0 ? null : [.. all.SelectMany(policy => policy.Rules).Select(AuthorizationRuleText.Of).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Counts(params (string Action, string[]? Rules)[] actions) =>
        actions.Where(action => action.Rules is not null).Select(action => $"{action.Rules!.Length} {action.Action}");

    private static string? Text(string[]? rules) => rules is null ? null : rules.Length == 0 ? "no rule" : string.Join("; ", rules);

    private static string Provider(MeshConfig mesh, string name) =>
        $"{name} ({mesh.ExtensionProviders.FirstOrDefault(provider => provider.Name == name)?.Kind ?? "unknown"})";

    private static string Token(JwtRule rule) => string.Join(
        ' ',
        new[] { rule.Issuer, Joined(rule.Audiences) is { } audiences ? $"for {audiences}" : "", Joined(rule.SpaceDelimitedClaims) is { } claims ? $"splitting {claims}" : "" }
            .Where(part => part.Length > 0));

    private static string? Joined(IEnumerable<string> texts) => texts.Distinct().Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } some ? string.Join(", ", some) : null;
}
