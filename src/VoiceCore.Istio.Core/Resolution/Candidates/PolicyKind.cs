namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A kind of policy of which Istio chooses among several.</summary>
public enum PolicyKind
{
    /// <summary>What clients' proxies do with a destination. Chosen for each client.</summary>
    DestinationRule,

    /// <summary>How clients' proxies route. Chosen for each client.</summary>
    VirtualService,

    /// <summary>What clients' proxies see. Chosen for each client.</summary>
    Sidecar,

    /// <summary>The mutual TLS that servers ask for. Chosen for each pod of the server.</summary>
    PeerAuthentication,

    /// <summary>Which requests servers let in. Chosen for each pod of the server.</summary>
    AuthorizationPolicy,
}
