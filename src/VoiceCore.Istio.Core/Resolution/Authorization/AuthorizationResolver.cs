using System.Text.Json.Nodes;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What becomes of a request to a pod: whether its proxy takes the connection at all, and what the policies make of the request.</summary>
public sealed class AuthorizationResolver
{
    private readonly PeerAuthenticationResolver _peers;
    private readonly InboundPorts _ports;
    private readonly RequestAuthenticationResolver _tokens;

    /// <summary>Prepares the policies of a snapshot.</summary>
    public AuthorizationResolver(MeshSnapshot snapshot)
    {
        _peers = new PeerAuthenticationResolver(snapshot);
        _ports = new InboundPorts(snapshot);
        _tokens = new RequestAuthenticationResolver(snapshot);
        Policies = new AuthorizationPolicyResolver(snapshot);
    }

    /// <summary>The policies by themselves.</summary>
    public AuthorizationPolicyResolver Policies { get; }

    /// <summary>
    /// Decides a request to a pod that has a token with these claims. The token is taken to be signed by its issuer and in force; whether the
    /// pod's proxy takes it is decided here. Only on HTTP ports tokens are read.
    /// </summary>
    public AuthorizationVerdict Decide(PodRecord server, AuthorizationRequest request, JsonObject token)
    {
        var (verdict, rule) = _tokens.Verify(server.Namespace, server.Labels, token);
        var decided = Decide(server, rule is null ? request with { Claims = null } : request with
        {
            Claims = token,
            SpaceDelimitedClaims = RequestAuthenticationResolver.SpaceDelimitedClaims.Concat(rule.SpaceDelimitedClaims).ToHashSet(),
        });
        if (!server.HasSidecar || decided.Decision == AuthorizationDecision.NoListener || decided.IsHttp != true)
            return decided;
        return verdict switch
        {
            TokenVerdict.Verified => decided,
            TokenVerdict.NotRead => decided with { Reason = $"{decided.Reason} The token's claims do not count: no RequestAuthentication is for the workload." },
            TokenVerdict.WrongAudience => decided with { Decision = AuthorizationDecision.Deny, Rule = null, Reason = $"The RequestAuthentication for issuer {token["iss"]} does not take the token's audience (403)." },
            _ => decided with { Decision = AuthorizationDecision.Unauthorized, Rule = null, Reason = $"No RequestAuthentication of the workload takes tokens of issuer {token["iss"]?.ToString() ?? "(none)"} (401)." },
        };
    }

    /// <summary>Decides a request to a pod; claims of the request are verified ones.</summary>
    public AuthorizationVerdict Decide(PodRecord server, AuthorizationRequest request)
    {
        // A gateway takes what its Gateways say.
        var mode = server.IsGateway ? MutualTlsMode.Permissive : server.HasSidecar ? _peers.Resolve(server.Namespace, server.Labels, request.Port).Mode : MutualTlsMode.Disable;

        // A port that only a policy names has no protocol of its own: it is sniffed.
        bool? isHttp = _ports.Find(server.Namespace, server.Name, request.Port)?.IsHttp
            ?? (_peers.NamesPort(server.Namespace, server.Labels, request.Port) ? true : null);
        var verdict = new AuthorizationVerdict(AuthorizationDecision.Allow, null, isHttp, mode, "");
        if (!server.HasSidecar)
            return verdict with { Reason = "The pod has no sidecar: nothing checks the request." };
        if (isHttp is not { } http)
            return verdict with { Decision = AuthorizationDecision.NoListener, Reason = $"No Service leads to port {request.Port} of the pod." };
        if (mode == MutualTlsMode.Strict && request.Principal is null)
            return verdict with { Decision = AuthorizationDecision.NoListener, Reason = $"Port {request.Port} takes mutual TLS only (STRICT), and the client sends plaintext." };
        if (mode == MutualTlsMode.Disable && request.Principal is not null)
            return verdict with { Decision = AuthorizationDecision.NoListener, Reason = $"Port {request.Port} takes plaintext only (DISABLE), and the client sends mutual TLS." };

        var (decision, rule) = Policies.Decide(server.Namespace, server.Labels, request, http);
        return verdict with { Decision = decision, Rule = rule, Reason = Why(decision, rule, server) };
    }

    private string Why(AuthorizationDecision decision, AuthorizationRuleName? rule, PodRecord server) => (decision, rule) switch
    {
        (AuthorizationDecision.Deny, null) => "The workload has ALLOW policies, and no rule of them matches.",
        (AuthorizationDecision.Deny, _) => $"Rule {rule.Index} of {rule.Namespace}/{rule.Policy} denies it.",
        (AuthorizationDecision.External, _) => $"Rule {rule!.Index} of {rule.Namespace}/{rule.Policy} leaves it to an external authorizer.",
        (_, not null) => $"Rule {rule.Index} of {rule.Namespace}/{rule.Policy} allows it.",
        _ => Policies.Candidates(server.Namespace, server.Labels).Any(candidate => candidate.WhyNot is null)
            ? "No DENY policy matches, and the workload has no ALLOW policy."
            : "No AuthorizationPolicy is for the workload.",
    };
}
