namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// Codes VCM0230 to VCM0239: what callers send and what servers take, where the two do not fit.
/// Rules that mean the same as a code of <c>istioctl analyze</c> (pkg/config/analysis/msg/messages.yaml) or Kiali
/// (models/istio_validation.go) name it.
/// </summary>
public static class TlsFindings
{
    private const string Mtls = "https://istio.io/latest/docs/reference/config/security/peer_authentication/";
    private const string Settings = "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings";

    /// <summary>A caller in plain text before a server that refuses it.</summary>
    public static readonly FindingRule StrictBreaksCaller = new(
        "VCM0230", FindingSeverity.Error,
        "The rule makes callers of {0} send {1}, and its pods take mutual TLS of the mesh only ({2}).",
        "STRICT refuses every connection that does not come with a certificate of the mesh.",
        "Remove tls from the rule (the mesh decides by itself), or write mode: ISTIO_MUTUAL.",
        Mtls) { SameAs = ["KIA0207", "KIA0208"] };

    /// <summary>Mutual TLS before a server that takes none.</summary>
    public static readonly FindingRule MutualBeforeDisable = new(
        "VCM0231", FindingSeverity.Error,
        "The rule makes callers of {0} send mutual TLS, and its pods take plain text only ({1}).",
        "A proxy in mode DISABLE passes TLS on to the application, which does not know the mesh's certificates.",
        "Remove tls from the rule, or the mode DISABLE.",
        Mtls);

    /// <summary>Pods that cannot call what is STRICT.</summary>
    public static readonly FindingRule PlainCaller = new(
        "VCM0232", FindingSeverity.Warning,
        "{0} pods without sidecar ({1}) share the namespace with workloads that take mutual TLS only ({2}); their calls are refused.",
        "A pod without a sidecar sends plain text, which STRICT refuses.",
        "Have them injected (restart them after the namespace was labelled), or use PERMISSIVE until they are.",
        Mtls);

    /// <summary>TLS without checking the server.</summary>
    public static readonly FindingRule ServerNotVerified = new(
        "VCM0233", FindingSeverity.Info,
        "TLS mode {0} without caCertificates: a certificate of any public CA is trusted.",
        "From Istio 1.21 on the CAs of the proxy's image are trusted then; before, the server's certificate was not checked at all.",
        "Write caCertificates, or credentialName together with a workloadSelector, unless a public CA is meant.",
        Settings) { SameAs = ["IST0128"] };

    /// <summary>Plain text only, and callers that are told to use mutual TLS.</summary>
    public static readonly FindingRule DisableBeforeMutual = new(
        "VCM0234", FindingSeverity.Error,
        "Workloads take plain text only, and {0} makes callers of {1} send TLS.",
        "A proxy in mode DISABLE passes TLS on to the application, which does not know the mesh's certificates.",
        "Remove tls from that rule, add one with mode DISABLE for these hosts, or take the mode DISABLE back.",
        Mtls) { SameAs = ["KIA0505", "KIA0506"] };

    /// <summary>Callers whose calls a server refuses.</summary>
    public static readonly FindingRule CallsRefused = new(
        "VCM0235", FindingSeverity.Error,
        "Calls of {0} to port {1} are refused: {2}",
        "What a caller sends follows from its DestinationRule and automatic mTLS, what a server takes from its PeerAuthentication; here they do not fit.",
        "{3}",
        Mtls);

    /// <summary>TLS without checking the server, at one port.</summary>
    public static readonly FindingRule ServerNotVerifiedAtPort = new(
        "VCM0236", FindingSeverity.Info,
        "TLS mode {0} without caCertificates at port {1}: a certificate of any public CA is trusted.",
        "From Istio 1.21 on the CAs of the proxy's image are trusted then; before, the server's certificate was not checked at all.",
        "Write caCertificates, or credentialName together with a workloadSelector, unless a public CA is meant.",
        Settings) { SameAs = ["IST0129"] };

    /// <summary>A rule that takes mutual TLS away.</summary>
    public static readonly FindingRule MutualOverridden = new(
        "VCM0237", FindingSeverity.Warning,
        "Callers of {0} send plain text: the rule says nothing of TLS, and they use it in place of {1}.",
        "Automatic mTLS is off, so what callers send is what their rule says; rules of different hosts are not merged.",
        "Write tls with mode: ISTIO_MUTUAL here too, or switch automatic mTLS on.",
        Mtls) { SameAs = ["KIA0204"] };

    /// <summary>STRICT where callers send plain text.</summary>
    public static readonly FindingRule StrictWithoutMutual = new(
        "VCM0238", FindingSeverity.Error,
        "Workloads take mutual TLS only, and callers of {0} send plain text.",
        "Automatic mTLS is off, so that callers send mutual TLS only where a DestinationRule says ISTIO_MUTUAL.",
        "Add a DestinationRule with mode ISTIO_MUTUAL for these hosts, or switch automatic mTLS on.",
        Mtls) { SameAs = ["KIA0401", "KIA0501"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        StrictBreaksCaller, MutualBeforeDisable, PlainCaller, ServerNotVerified, DisableBeforeMutual,
        CallsRefused, ServerNotVerifiedAtPort, MutualOverridden, StrictWithoutMutual,
    ];
}
