using System.Diagnostics.CodeAnalysis;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>What an AuthorizationPolicy does with requests that match.</summary>
public enum AuthorizationAction
{
    /// <summary>Lets them in; with one such policy, whatever none of them matches stays out.</summary>
    Allow,

    /// <summary>Keeps them out.</summary>
    Deny,

    /// <summary>Marks them for the audit log.</summary>
    Audit,

    /// <summary>Asks an external authorizer.</summary>
    Custom,
}

/// <summary>An AuthorizationPolicy.</summary>
public sealed record AuthorizationPolicy : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public AuthorizationPolicy()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal AuthorizationPolicy(IstioObject common)
        : base(common)
    {
    }

    /// <summary><c>selector.matchLabels</c>; null where there is no selector.</summary>
    public LabelSet? Selector { get; init; }

    /// <summary>Resources that it is attached to (waypoints and gateways); sidecars leave out a policy that has any.</summary>
    public IReadOnlyList<PolicyTarget> Targets { get; init; } = [];

    /// <summary>The action.</summary>
    public AuthorizationAction Action { get; init; }

    /// <summary>The provider of a <see cref="AuthorizationAction.Custom"/> policy, or empty.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The rules, any of which is enough. No rule matches nothing.</summary>
    public IReadOnlyList<AuthorizationRule> Rules { get; init; } = [];

    /// <summary>True for annotation <c>istio.io/dry-run: "true"</c> (or another of Go's spellings): it is evaluated and not enforced.</summary>
    public bool IsDryRun => Annotations[IstioNames.DryRun] is "true" or "True" or "TRUE" or "t" or "T" or "1";
}

/// <summary>A resource that a policy names as its target.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">The kind, such as <c>Gateway</c> or <c>Service</c>.</param>
/// <param name="Name">The name.</param>
public sealed record PolicyTarget(string Group, string Kind, string Name);

/// <summary>A rule: one of the sources, and one of the operations, and all of the conditions. An empty rule matches everything.</summary>
/// <param name="From">Sources; none means any.</param>
/// <param name="To">Operations; none means any.</param>
/// <param name="When">Conditions.</param>
public sealed record AuthorizationRule(
    IReadOnlyList<AuthorizationSource> From,
    IReadOnlyList<AuthorizationOperation> To,
    IReadOnlyList<AuthorizationCondition> When);

/// <summary>A list of values any of which is enough, and a list of those that none may be. Empty lists say nothing.</summary>
/// <param name="Values">Values of which one must match.</param>
/// <param name="NotValues">Values of which none may match.</param>
public sealed record ValueMatch(IReadOnlyList<string> Values, IReadOnlyList<string> NotValues)
{
    /// <summary>Nothing said.</summary>
    public static readonly ValueMatch None = new([], []);

    /// <summary>True where neither list says anything.</summary>
    public bool IsEmpty => Values.Count == 0 && NotValues.Count == 0;
}

/// <summary><c>from[].source</c>.</summary>
public sealed record AuthorizationSource
{
    /// <summary><c>principals</c>, <c>notPrincipals</c>: identities without <c>spiffe://</c>.</summary>
    public ValueMatch Principals { get; init; } = ValueMatch.None;

    /// <summary><c>requestPrincipals</c>, <c>notRequestPrincipals</c>: <c>issuer/subject</c> of a token.</summary>
    public ValueMatch RequestPrincipals { get; init; } = ValueMatch.None;

    /// <summary><c>namespaces</c>, <c>notNamespaces</c>.</summary>
    public ValueMatch Namespaces { get; init; } = ValueMatch.None;

    /// <summary><c>serviceAccounts</c>, <c>notServiceAccounts</c>: <c>name</c> or <c>namespace/name</c>.</summary>
    public ValueMatch ServiceAccounts { get; init; } = ValueMatch.None;

    /// <summary><c>trustDomains</c>, <c>notTrustDomains</c>: the trust domain of the identity.</summary>
    public ValueMatch TrustDomains { get; init; } = ValueMatch.None;

    /// <summary><c>ipBlocks</c>, <c>notIpBlocks</c>: the address of the connection.</summary>
    public ValueMatch IpBlocks { get; init; } = ValueMatch.None;

    /// <summary><c>remoteIpBlocks</c>, <c>notRemoteIpBlocks</c>: the client's address as proxies before tell it.</summary>
    public ValueMatch RemoteIpBlocks { get; init; } = ValueMatch.None;
}

/// <summary><c>to[].operation</c>.</summary>
public sealed record AuthorizationOperation
{
    /// <summary><c>hosts</c>, <c>notHosts</c>.</summary>
    public ValueMatch Hosts { get; init; } = ValueMatch.None;

    /// <summary><c>ports</c>, <c>notPorts</c>: workload ports.</summary>
    public ValueMatch Ports { get; init; } = ValueMatch.None;

    /// <summary><c>methods</c>, <c>notMethods</c>.</summary>
    public ValueMatch Methods { get; init; } = ValueMatch.None;

    /// <summary><c>paths</c>, <c>notPaths</c>.</summary>
    public ValueMatch Paths { get; init; } = ValueMatch.None;
}

/// <summary><c>when[]</c>.</summary>
/// <param name="Key">The attribute, such as <c>request.headers[x-tenant-id]</c>.</param>
/// <param name="Match">Its values.</param>
public sealed record AuthorizationCondition(string Key, ValueMatch Match);

/// <summary>A RequestAuthentication.</summary>
public sealed record RequestAuthentication : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public RequestAuthentication()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal RequestAuthentication(IstioObject common)
        : base(common)
    {
    }

    /// <summary><c>selector.matchLabels</c>; null where there is no selector.</summary>
    public LabelSet? Selector { get; init; }

    /// <summary>Resources that it is attached to; sidecars leave out a policy that has any.</summary>
    public IReadOnlyList<PolicyTarget> Targets { get; init; } = [];

    /// <summary>Whose tokens are taken: <c>jwtRules</c> in order.</summary>
    public IReadOnlyList<JwtRule> Rules { get; init; } = [];
}

/// <summary><c>jwtRules[]</c>: an issuer whose tokens are taken. Where its keys lie is not read.</summary>
/// <param name="Issuer">The issuer (claim <c>iss</c>).</param>
/// <param name="Audiences">Audiences of which a token must name one; none means any.</param>
/// <param name="SpaceDelimitedClaims">Claims that are lists separated by spaces, beside <c>scope</c> and <c>permission</c>.</param>
public sealed record JwtRule(string Issuer, IReadOnlyList<string> Audiences, IReadOnlyList<string> SpaceDelimitedClaims);

/// <summary>A Gateway: which hosts and ports a gateway workload serves.</summary>
public sealed record GatewayRecord : IstioObject
{
    /// <summary>Makes one from nothing; what is required must be given.</summary>
    public GatewayRecord()
    {
    }

    /// <summary>Makes one with the common part of an object that was read.</summary>
    [SetsRequiredMembers]
    internal GatewayRecord(IstioObject common)
        : base(common)
    {
    }

    /// <summary>Labels of the gateway's pods; null where none are given.</summary>
    public LabelSet? Selector { get; init; }

    /// <summary>The servers in order.</summary>
    public IReadOnlyList<GatewayServer> Servers { get; init; } = [];
}

/// <summary>A server of a Gateway.</summary>
/// <param name="Port">The port.</param>
/// <param name="Protocol">The protocol, such as <c>HTTPS</c>.</param>
/// <param name="Hosts">The hosts, each perhaps with a namespace before a slash.</param>
/// <param name="TlsMode">Such as <c>SIMPLE</c>; null without TLS.</param>
/// <param name="CredentialName">The name (only the name) of the secret with the certificate; null where not given.</param>
public sealed record GatewayServer(int Port, string Protocol, IReadOnlyList<string> Hosts, string? TlsMode, string? CredentialName);
