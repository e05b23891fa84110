using System.Collections.Concurrent;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Which AuthorizationPolicies a workload has and what they make of a request. Policies have no precedence among each other:
/// all CUSTOM ones are evaluated, then all DENY ones, then all ALLOW ones.
/// Source: pilot/pkg/model/authorization.go, pilot/pkg/security/authz/builder/builder.go.
/// </summary>
public sealed class AuthorizationPolicyResolver
{
    private readonly MeshSnapshot _snapshot;
    private readonly AuthorizationMatcher _matcher;
    private readonly AuthorizationPathNormalization _normalization;
    private readonly ILookup<string, AuthorizationPolicy> _policies;
    private readonly ConcurrentDictionary<(string Namespace, LabelSet Labels, bool Http), AuthorizationRules> _rules = new();

    /// <summary>Prepares the policies of a snapshot; rules are compiled when a workload first needs them.</summary>
    public AuthorizationPolicyResolver(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        _matcher = new(new(snapshot.Mesh.TrustDomain, snapshot.Mesh.TrustDomainAliases));
        _normalization = new(snapshot.Mesh.PathNormalization);
        _policies = snapshot.AuthorizationPolicies.ToLookup(policy => policy.Namespace);
    }

    /// <summary>The policies in the namespaces that count for the workload; with the reason where one is not for it, else null.</summary>
    public IEnumerable<(AuthorizationPolicy Policy, PolicyRejection? WhyNot)> Candidates(string workloadNamespace, LabelSet workloadLabels)
    {
        var root = _snapshot.Mesh.RootNamespace;
        var namespaces = root == workloadNamespace ? [root] : new[] { root, workloadNamespace };
        return
            from policy in namespaces.SelectMany(name => _policies[name])
            select (policy, PolicyAttachment.WhyNot(policy, policy.Selector, policy.Targets, root, workloadNamespace, workloadLabels));
    }

    /// <summary>What the workload's policies make of a request; <paramref name="http"/> tells whether the port's protocol is HTTP.</summary>
    internal (AuthorizationDecision Decision, AuthorizationRuleName? Rule) Decide(
        string workloadNamespace, LabelSet workloadLabels, AuthorizationRequest request, bool http)
    {
        var rules = _rules.GetOrAdd((workloadNamespace, workloadLabels, http), key => RulesOf(key.Namespace, key.Labels, key.Http));
        if (rules.IsEmpty)
            return (AuthorizationDecision.Allow, null);

        var input = new AuthorizationInput(request, _normalization);
        if (rules.UnanswerableCustom.FirstMatch(input) is { } unanswerable)
            return (AuthorizationDecision.Deny, unanswerable);
        if (rules.Deny.FirstMatch(input) is { } denied)
            return (AuthorizationDecision.Deny, denied);
        var allowed = rules.Allow?.FirstMatch(input);
        if (rules.Allow is not null && allowed is null)
            return (AuthorizationDecision.Deny, null);
        return rules.Custom.FirstMatch(input) is { } custom ? (AuthorizationDecision.External, custom) : (AuthorizationDecision.Allow, allowed);
    }

    /// <summary>False where istiod leaves a rule out on ports of this kind, because it looks at what such connections do not have.</summary>
    internal bool CanMatch(AuthorizationPolicy policy, AuthorizationRule rule, bool http) => _matcher.Compile(policy, rule, http) is not null;

    private AuthorizationRules RulesOf(string workloadNamespace, LabelSet workloadLabels, bool http)
    {
        var policies = Candidates(workloadNamespace, workloadLabels).Where(candidate => candidate.WhyNot is null).Select(candidate => candidate.Policy);
        return new AuthorizationRules(policies.ToArray(), _snapshot.Mesh.ExtensionProviders, _matcher, http);
    }
}
