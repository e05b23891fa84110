using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The enforced rules of one workload on HTTP or on TCP ports, as istiod groups them into filters.</summary>
internal sealed class AuthorizationRules
{
    private const string HttpAuthorizer = "envoyExtAuthzHttp";
    private const string GrpcAuthorizer = "envoyExtAuthzGrpc";

    /// <summary>Compiles the enforced ones of <paramref name="policies"/>. A dry run changes nothing.</summary>
    internal AuthorizationRules(
        IReadOnlyList<AuthorizationPolicy> policies, IReadOnlyList<ExtensionProvider> providers, AuthorizationMatcher matcher, bool http)
    {
        var enforced = policies.Where(policy => !policy.IsDryRun).ToLookup(policy => policy.Action);
        Deny = Compile(enforced[AuthorizationAction.Deny]);
        Allow = enforced[AuthorizationAction.Allow].Any() ? Compile(enforced[AuthorizationAction.Allow]) : null;

        // A provider that nobody defined cannot be asked, and of several none is chosen: what such policies match is denied.
        // An HTTP authorizer cannot be asked about a TCP connection, which then passes.
        var custom = enforced[AuthorizationAction.Custom].ToArray();
        var kinds = custom.Select(policy => policy.Provider).Distinct()
            .Select(name => providers.FirstOrDefault(provider => provider.Name == name)?.Kind).ToArray();
        var answerable = kinds is [HttpAuthorizer or GrpcAuthorizer];
        UnanswerableCustom = Compile(answerable ? [] : custom);
        Custom = Compile(answerable && (http || kinds[0] == GrpcAuthorizer) ? custom : []);

        AuthorizationRuleSet Compile(IEnumerable<AuthorizationPolicy> group) => new(group, matcher, http);
    }

    /// <summary>DENY rules.</summary>
    internal AuthorizationRuleSet Deny { get; }

    /// <summary>ALLOW rules; null where the workload has no ALLOW policy, an empty set where none of its rules can match.</summary>
    internal AuthorizationRuleSet? Allow { get; }

    /// <summary>CUSTOM rules whose provider decides.</summary>
    internal AuthorizationRuleSet Custom { get; }

    /// <summary>CUSTOM rules whose provider cannot be asked: they deny.</summary>
    internal AuthorizationRuleSet UnanswerableCustom { get; }

    /// <summary>True where everything passes.</summary>
    internal bool IsEmpty => Allow is null && Deny.Count == 0 && Custom.Count == 0 && UnanswerableCustom.Count == 0;
}

/// <summary>Rules of one action. Envoy keeps them in the order of their names and reports the first that matches.</summary>
internal sealed class AuthorizationRuleSet
{
    private readonly (AuthorizationRuleName Name, AuthorizationPredicate Matches)[] _rules;

    internal AuthorizationRuleSet(IEnumerable<AuthorizationPolicy> policies, AuthorizationMatcher matcher, bool http)
    {
        _rules = policies
            .SelectMany(policy => policy.Rules.Select((rule, index) => (
                Name: new AuthorizationRuleName(policy.Namespace, policy.Name, index),
                Matches: matcher.Compile(policy, rule, http)!)))
            .Where(rule => rule.Matches is not null)
            .OrderBy(rule => rule.Name.ToString(), StringComparer.Ordinal)
            .ToArray();
    }

    internal int Count => _rules.Length;

    internal AuthorizationRuleName? FirstMatch(AuthorizationInput input)
    {
        foreach (var (name, matches) in _rules)
        {
            if (matches(input))
                return name;
        }

        return null;
    }
}
