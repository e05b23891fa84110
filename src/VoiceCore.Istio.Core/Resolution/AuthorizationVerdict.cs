namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What becomes of a request.</summary>
public enum AuthorizationDecision
{
    /// <summary>It reaches the application.</summary>
    Allow,

    /// <summary>HTTP: 403 <c>RBAC: access denied</c>. TCP: the connection is reset.</summary>
    Deny,

    /// <summary>The server takes no such connection on this port: nothing is served there, or its mutual TLS mode refuses the client.</summary>
    NoListener,

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
