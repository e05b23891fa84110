using System.Globalization;
using System.Net;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

internal delegate bool AuthorizationPredicate(AuthorizationInput input);

/// <summary>
/// Turns the rules of AuthorizationPolicies into predicates, the way istiod turns them into Envoy's RBAC filter.
/// Source: pilot/pkg/security/authz/model (model.go, generator.go).
/// </summary>
internal sealed class AuthorizationMatcher
{
    private readonly AuthorizationTrustDomains _trustDomains;

    internal AuthorizationMatcher(AuthorizationTrustDomains trustDomains)
    {
        _trustDomains = trustDomains;
    }

    /// <summary>
    /// The rule as a predicate; null where it is left out. What cannot be evaluated (HTTP on a TCP port, a malformed value) makes an ALLOW
    /// rule vanish, so that less is allowed, but of other rules only that condition, so that more is denied.
    /// </summary>
    internal AuthorizationPredicate? Compile(AuthorizationPolicy policy, AuthorizationRule rule, bool http)
    {
        var when = rule.When.Select(AuthorizationDemand.Of).ToArray();
        // An unknown key makes istiod give up the rule whatever its action.
        if (when.Any(demand => demand.Attribute == AuthorizationAttribute.Unknown))
            return null;
        var conditions = All(when, policy, http);
        var sources = rule.From.Select(source => All(AuthorizationDemand.Of(source), policy, http)).ToArray();
        var operations = rule.To.Select(operation => All(AuthorizationDemand.Of(operation), policy, http)).ToArray();
        if (conditions is null || sources.Contains(null) || operations.Contains(null))
            return null;
        return input => conditions(input) && Any(sources, input) && Any(operations, input);
    }

    private static bool Any(AuthorizationPredicate?[] predicates, AuthorizationInput input) =>
        predicates.Length == 0 || Array.Exists(predicates, predicate => predicate!(input));

    private AuthorizationPredicate? All(IEnumerable<AuthorizationDemand> demands, AuthorizationPolicy policy, bool http)
    {
        var predicates = new List<AuthorizationPredicate>();
        foreach (var demand in demands)
        {
            if (!TryAdd(demand, demand.Match.Values, wanted: true) || !TryAdd(demand, demand.Match.NotValues, wanted: false))
                return null;
        }

        return input => predicates.TrueForAll(predicate => predicate(input));

        bool TryAdd(AuthorizationDemand demand, IReadOnlyList<string> values, bool wanted)
        {
            var matches = new List<AuthorizationPredicate>();
            foreach (var value in Expand(demand.Attribute, values))
            {
                if ((http || !demand.IsHttpOnly) && Value(demand, value, policy.Namespace) is { } match)
                    matches.Add(match);
                else if (policy.Action == AuthorizationAction.Allow)
                    return false;
            }

            if (matches.Count > 0)
                predicates.Add(input => matches.Exists(match => match(input)) == wanted);
            return true;
        }
    }

    private IReadOnlyList<string> Expand(AuthorizationAttribute attribute, IReadOnlyList<string> values) => attribute switch
    {
        AuthorizationAttribute.SourcePrincipal => _trustDomains.ExpandPrincipals(values),
        AuthorizationAttribute.SourceTrustDomain => _trustDomains.ExpandDomains(values),
        _ => values,
    };

    private static AuthorizationPredicate? Value(AuthorizationDemand demand, string value, string policyNamespace) => demand.Attribute switch
    {
        AuthorizationAttribute.SourcePrincipal => Identity(AuthorizationIdentity.Principal(value)),
        AuthorizationAttribute.SourceNamespace => Identity(AuthorizationIdentity.Namespace(value)),
        AuthorizationAttribute.SourceServiceAccount => Identity(AuthorizationIdentity.ServiceAccount(value, policyNamespace)),
        AuthorizationAttribute.SourceTrustDomain => Identity(AuthorizationIdentity.TrustDomain(value)),
        AuthorizationAttribute.SourceIP => Address(value, input => input.SourceAddress),
        AuthorizationAttribute.RemoteIP => Address(value, input => input.RemoteAddress),
        AuthorizationAttribute.DestinationIP => Address(value, input => input.DestinationAddress),
        AuthorizationAttribute.DestinationPort => Port(value),
        AuthorizationAttribute.ConnectionSni => ServerName(value),
        AuthorizationAttribute.EnvoyMetadata => _ => false,
        AuthorizationAttribute.RequestPrincipal => RequestPrincipal(value),
        AuthorizationAttribute.RequestAudiences => Claim(value, ["aud"]),
        AuthorizationAttribute.RequestPresenter => Claim(value, ["azp"]),
        AuthorizationAttribute.RequestClaims => demand.Path.Count > 0 ? Claim(value, demand.Path) : null,
        AuthorizationAttribute.RequestHeader => demand.Path.Count > 0 ? Header(value, demand.Path[0]) : null,
        AuthorizationAttribute.Host => Header(value, ":authority", StringComparison.OrdinalIgnoreCase),
        AuthorizationAttribute.Method => Header(value, ":method"),
        AuthorizationAttribute.Path => Path(value),
        _ => null,
    };

    private static AuthorizationPredicate Identity(Func<string, bool> matches) =>
        input => input.Principal is { } principal && matches(principal);

    private static AuthorizationPredicate? Address(string value, Func<AuthorizationInput, IPAddress?> address) =>
        AuthorizationAddressRange.TryParse(value) is { } range ? input => range.Contains(address(input)) : null;

    private static AuthorizationPredicate? Port(string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? input => input.Port == port : null;

    private static AuthorizationPredicate ServerName(string value)
    {
        var matches = AuthorizationText.Compile(value);
        return input => matches(input.ServerName);
    }

    private static AuthorizationPredicate Header(string value, string name, StringComparison comparison = StringComparison.Ordinal)
    {
        // A header that is there and empty counts as present.
        if (value == "*")
            return input => input.Header(name) is not null;
        var matches = AuthorizationText.Compile(value, comparison);
        return input => input.Header(name) is { } found && matches(found);
    }

    private static AuthorizationPredicate Path(string value)
    {
        var matches = AuthorizationPathTemplate.IsTemplate(value) ? AuthorizationPathTemplate.Compile(value) : AuthorizationText.Compile(value);
        return input => input.Path is { } path && matches(path);
    }

    private static AuthorizationPredicate Claim(string value, IReadOnlyList<string> path)
    {
        var matches = AuthorizationText.Compile(value);
        return input => input.ClaimTexts(path).Any(matches);
    }

    // ISSUER/SUBJECT, cut at the last slash because an issuer may be a URL. One star may stand at the start or at the end.
    private static AuthorizationPredicate RequestPrincipal(string value)
    {
        var slash = value.LastIndexOf('/');
        var (issuer, subject) = slash < 0 ? (value, "") : (value[..slash], value[(slash + 1)..]);
        var (matchesIssuer, matchesSubject) = (value.StartsWith('*'), value.EndsWith('*'), slash >= 0) switch
        {
            _ when value == "*" => (AuthorizationText.IsPresent, AuthorizationText.IsPresent),
            (true, _, true) => (AuthorizationText.Compile(issuer), Exactly(subject)),
            (true, _, false) => (AuthorizationText.IsPresent, AuthorizationText.Compile(value)),
            (_, true, true) => (Exactly(issuer), subject == "*" ? AuthorizationText.IsPresent : text => text.StartsWith(subject[..^1], StringComparison.Ordinal)),
            (_, true, false) => (AuthorizationText.Compile(value), AuthorizationText.IsPresent),
            _ => (Exactly(issuer), Exactly(subject)),
        };
        return input =>
            input.ClaimText("iss") is { } iss && matchesIssuer(iss)
            && input.ClaimText("sub") is { } sub && matchesSubject(sub);
    }

    private static Func<string, bool> Exactly(string wanted) => text => text == wanted;
}
