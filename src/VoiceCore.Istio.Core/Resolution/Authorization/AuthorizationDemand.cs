using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a condition of an AuthorizationPolicy looks at.</summary>
internal enum AuthorizationAttribute
{
    Unknown,
    SourcePrincipal,
    SourceNamespace,
    SourceServiceAccount,
    SourceTrustDomain,
    SourceIP,
    RemoteIP,
    DestinationIP,
    DestinationPort,
    ConnectionSni,

    /// <summary>Metadata of an Envoy filter: nothing outside the proxy knows it.</summary>
    EnvoyMetadata,

    // From here on: known for HTTP only.
    RequestPrincipal,
    RequestAudiences,
    RequestPresenter,
    RequestClaims,
    RequestHeader,
    Host,
    Method,
    Path,
}

/// <summary>
/// One demand of a rule: the fields of <c>from</c> and <c>to</c> and the keys of <c>when</c> in one form.
/// Source: pilot/pkg/security/authz/model (model.go, util.go).
/// </summary>
/// <param name="Attribute">What is looked at.</param>
/// <param name="Path">The header's name, or the names that lead to a claim; empty for other attributes.</param>
/// <param name="Match">The values.</param>
internal sealed record AuthorizationDemand(AuthorizationAttribute Attribute, IReadOnlyList<string> Path, ValueMatch Match)
{
    private const string HeaderKey = "request.headers";
    private const string ClaimsKey = "request.auth.claims";

    internal bool IsHttpOnly => Attribute >= AuthorizationAttribute.RequestPrincipal;

    internal static IEnumerable<AuthorizationDemand> Of(AuthorizationSource source) =>
    [
        new(AuthorizationAttribute.SourcePrincipal, [], source.Principals),
        new(AuthorizationAttribute.RequestPrincipal, [], source.RequestPrincipals),
        new(AuthorizationAttribute.SourceNamespace, [], source.Namespaces),
        new(AuthorizationAttribute.SourceServiceAccount, [], source.ServiceAccounts),
        new(AuthorizationAttribute.SourceTrustDomain, [], source.TrustDomains),
        new(AuthorizationAttribute.SourceIP, [], source.IpBlocks),
        new(AuthorizationAttribute.RemoteIP, [], source.RemoteIpBlocks),
    ];

    internal static IEnumerable<AuthorizationDemand> Of(AuthorizationOperation operation) =>
    [
        new(AuthorizationAttribute.Host, [], operation.Hosts),
        new(AuthorizationAttribute.Method, [], operation.Methods),
        new(AuthorizationAttribute.Path, [], operation.Paths),
        new(AuthorizationAttribute.DestinationPort, [], operation.Ports),
    ];

    internal static AuthorizationDemand Of(AuthorizationCondition condition) => condition.Key switch
    {
        "source.principal" => new(AuthorizationAttribute.SourcePrincipal, [], condition.Match),
        "source.namespace" => new(AuthorizationAttribute.SourceNamespace, [], condition.Match),
        "source.serviceAccount" => new(AuthorizationAttribute.SourceServiceAccount, [], condition.Match),
        "source.trustDomain" => new(AuthorizationAttribute.SourceTrustDomain, [], condition.Match),
        "source.ip" => new(AuthorizationAttribute.SourceIP, [], condition.Match),
        "remote.ip" => new(AuthorizationAttribute.RemoteIP, [], condition.Match),
        "destination.ip" => new(AuthorizationAttribute.DestinationIP, [], condition.Match),
        "destination.port" => new(AuthorizationAttribute.DestinationPort, [], condition.Match),
        "connection.sni" => new(AuthorizationAttribute.ConnectionSni, [], condition.Match),
        "request.auth.principal" => new(AuthorizationAttribute.RequestPrincipal, [], condition.Match),
        "request.auth.audiences" => new(AuthorizationAttribute.RequestAudiences, [], condition.Match),
        "request.auth.presenter" => new(AuthorizationAttribute.RequestPresenter, [], condition.Match),
        _ when After(condition.Key, HeaderKey) is { } name =>
            new(AuthorizationAttribute.RequestHeader, Bracketed(name) is { } header ? [header] : [], condition.Match),
        _ when After(condition.Key, ClaimsKey) is { } names =>
            new(AuthorizationAttribute.RequestClaims, ClaimPath(names), condition.Match),
        _ when After(condition.Key, "experimental.envoy.filters.") is not null =>
            new(AuthorizationAttribute.EnvoyMetadata, [], condition.Match),
        _ => new(AuthorizationAttribute.Unknown, [], condition.Match),
    };

    private static string? After(string key, string start) => key.StartsWith(start, StringComparison.Ordinal) ? key[start.Length..] : null;

    // [a][b] leads from claim a to b; brackets that do not pair up are part of one name.
    private static string[] ClaimPath(string names)
    {
        if (Bracketed(names) is not { } inside)
            return [];
        var path = inside.Split("][");
        return path.Any(name => name.AsSpan().IndexOfAny('[', ']') >= 0) ? [inside] : path;
    }

    private static string? Bracketed(string text) => text.Length >= 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : null;
}
