namespace VoiceCore.Istio.Core.Definition;

/// <summary>Rate limits and quotas of the product.</summary>
public sealed record RateLimitSettings
{
    /// <summary>Whether requests beyond a limit are refused (429).</summary>
    public EnforcementMode Mode { get; init; } = EnforcementMode.Enforce;

    /// <summary>How the tenant of a request is known; null: limits do not tell tenants apart.</summary>
    public TenantIdentity? Tenant { get; init; }

    /// <summary>The quotas of each tenant over all pods, kept at the ingress gateway by Envoy's rate limit service; null: none.</summary>
    public QuotaSettings? Quotas { get; init; }
}

/// <summary>
/// The tenant of a request: a claim of a token that the ingress gateway has verified, passed on as a header. A header of that name from
/// outside never gets through: the gateway replaces it.
/// Source: Istio's <c>RequestAuthentication</c> reference, <c>JWTRule.outputClaimToHeaders</c>.
/// </summary>
public sealed record TenantIdentity
{
    /// <summary>The issuer of the tokens (claim <c>iss</c>).</summary>
    public required string Issuer { get; init; }

    /// <summary>Where the issuer's public keys are; null: what the issuer's OpenID discovery says.</summary>
    public string? JwksUri { get; init; }

    /// <summary>The audiences that are accepted; none: any.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>The claim that names the tenant.</summary>
    public string Claim { get; init; } = "tenant_id";

    /// <summary>The header that carries it inside the mesh, in lower case. Services pass it on.</summary>
    public string Header { get; init; } = "x-tenant-id";

    /// <summary>Paths that need no token, as in an AuthorizationPolicy (<c>/health</c>, <c>/login/*</c>); every other request needs one.</summary>
    public IReadOnlyList<string> PublicPaths { get; init; } = [];
}

/// <summary>Quotas and the service that counts them (https://github.com/envoyproxy/ratelimit).</summary>
public sealed record QuotaSettings
{
    /// <summary>Image of the rate limit service.</summary>
    public string Image { get; init; } = "docker.io/envoyproxy/ratelimit:30a4ce1a";

    /// <summary>Image of the Redis that keeps the counts; unused where <see cref="RedisAddress"/> is given.</summary>
    public string RedisImage { get; init; } = "docker.io/library/redis:7-alpine";

    /// <summary>A Redis that is there already, <c>host:port</c>; null: one of our own, whose counts are lost with its pod.</summary>
    public string? RedisAddress { get; init; }

    /// <summary>Whether requests are refused while the rate limit service does not answer. False: its outage is no outage of the product.</summary>
    public bool DenyOnFailure { get; init; }

    /// <summary>How long the gateway waits for the rate limit service.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The quotas, by name.</summary>
    public IReadOnlyList<Quota> Limits { get; init; } = [];
}

/// <summary>A quota of each tenant.</summary>
public sealed record Quota
{
    /// <summary>Its name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>Requests in a unit, from 1.</summary>
    public required int Requests { get; init; }

    /// <summary>The unit. Counting begins anew with each.</summary>
    public required QuotaUnit Unit { get; init; }

    /// <summary>The requests that it counts: those whose path begins so; null: all.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Tenants with a quota of their own.</summary>
    public IReadOnlyDictionary<string, int> Tenants { get; init; } = new Dictionary<string, int>();
}

/// <summary>The units of the rate limit service.</summary>
public enum QuotaUnit
{
    /// <summary>A second.</summary>
    Second,

    /// <summary>A minute.</summary>
    Minute,

    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,
}
