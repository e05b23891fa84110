namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// The mesh's trust domain and its aliases: an identity of one is an identity of each.
/// Source: pilot/pkg/security/trustdomain/bundle.go.
/// </summary>
internal sealed class AuthorizationTrustDomains
{
    // In a policy, this domain always means the mesh's own, whatever that is called.
    private const string LocalDomain = "cluster.local";

    private readonly string[] _domains;

    internal AuthorizationTrustDomains(string trustDomain, IReadOnlyList<string> aliases)
    {
        _domains = [trustDomain, .. aliases];
    }

    /// <summary>Principals as written, and the same ones in every domain of the mesh.</summary>
    internal IReadOnlyList<string> ExpandPrincipals(IReadOnlyList<string> principals) =>
        principals.SelectMany(ExpandPrincipal).ToArray();

    /// <summary>Trust domains as written; one of the mesh's own stands for all of them.</summary>
    internal IReadOnlyList<string> ExpandDomains(IReadOnlyList<string> domains) =>
        domains.SelectMany(domain => _domains.Contains(domain) ? _domains : [domain]).Distinct().ToArray();

    private IEnumerable<string> ExpandPrincipal(string principal)
    {
        // Only DOMAIN/ns/NAMESPACE/sa/ACCOUNT names a domain; other forms and a star for it leave it open.
        var parts = principal.Split('/');
        var domain = parts[0];
        if (parts.Length != 5 || domain == "*" || !(domain == LocalDomain || _domains.Any(own => Overlaps(own, domain))))
            return [principal];
        var rest = principal[domain.Length..];
        return _domains.Select(own => HasSuffix(own, domain) ? principal : own + rest).Distinct();
    }

    private static bool Overlaps(string own, string domain) =>
        own == domain || own == "*"
        || HasPrefix(domain, own) || HasPrefix(own, domain)
        || HasSuffix(domain, own) || HasSuffix(own, domain);

    private static bool HasPrefix(string text, string pattern) =>
        pattern.EndsWith('*') && text.StartsWith(pattern[..^1], StringComparison.Ordinal);

    private static bool HasSuffix(string text, string pattern) =>
        pattern.StartsWith('*') && text.EndsWith(pattern[1..], StringComparison.Ordinal);
}
