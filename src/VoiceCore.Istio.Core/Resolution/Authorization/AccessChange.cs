namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Whether one caller reaches one port of one service, today and with the zero trust of a definition.</summary>
/// <param name="Caller">The caller's workloads, as <c>namespace/service-account</c>.</param>
/// <param name="HasIdentity">Whether the caller has a sidecar and with it an identity; without one it sends plain text.</param>
/// <param name="Service">The service, as <c>namespace/name</c>.</param>
/// <param name="Port">The container port.</param>
/// <param name="IsListed">Whether the definition lists the call.</param>
/// <param name="Today">What becomes of a request today.</param>
/// <param name="Planned">What becomes of it with the policies of the definition.</param>
public sealed record AccessChange(
    string Caller, bool HasIdentity, string Service, int Port, bool IsListed, AuthorizationDecision Today, AuthorizationDecision Planned)
{
    /// <summary>Whether the caller gets through today and would not any more.</summary>
    public bool IsCutOff => Today == AuthorizationDecision.Allow && Planned != AuthorizationDecision.Allow;

    /// <summary>Whether the definition lists the call and it would not get through: another policy is in the way.</summary>
    public bool IsBroken => IsListed && Planned != AuthorizationDecision.Allow;
}
