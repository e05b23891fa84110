using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What becomes of a request.</summary>
public enum AuthorizationDecision
{
    /// <summary>It reaches the application.</summary>
    Allow,

    /// <summary>HTTP: 403 (<c>RBAC: access denied</c>, or a token for another audience). TCP: the connection is reset.</summary>
    Deny,

    /// <summary>The server takes no such connection on this port: nothing is served there, or its mutual TLS mode refuses the client.</summary>
    NoListener,

    /// <summary>HTTP 401: the request has a token, and no RequestAuthentication of the server takes tokens of its issuer.</summary>
    Unauthorized,

    /// <summary>An external authorizer decides (a CUSTOM policy matches, and no other policy denies).</summary>
    External,
}

/// <summary>A rule of an AuthorizationPolicy, by its place.</summary>
/// <param name="Namespace">The policy's namespace.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="Index">The rule's place in the policy, from 0.</param>
public sealed record AuthorizationRuleName(string Namespace, string Policy, int Index)
{
    /// <summary>As Envoy's RBAC filter names it in <c>response_code_details</c> and in its log.</summary>
    public override string ToString() => $"ns[{Namespace}]-policy[{Policy}]-rule[{Index}]";
}

/// <summary>What becomes of a request at a pod, and why.</summary>
/// <param name="Decision">What becomes of it.</param>
/// <param name="Rule">The rule that decided; null where none did.</param>
/// <param name="IsHttp">Whether the port is seen as HTTP; null where no Service leads to it.</param>
/// <param name="Mode">What the port takes.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record AuthorizationVerdict(AuthorizationDecision Decision, AuthorizationRuleName? Rule, bool? IsHttp, MutualTlsMode Mode, string Reason);
