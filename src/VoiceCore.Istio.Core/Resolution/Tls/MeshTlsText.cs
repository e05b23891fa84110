namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What made a client send what it sends.</summary>
internal enum TlsCause
{
    Automatic,
    Rule,
    AutomaticMtlsOff,
    HeadlessWithoutSidecar,
    NamespaceDisabled,
    ServerWithoutSidecar,
    ServerIsGateway,
    ServerDisabled,
    External,
}

/// <summary>The words for mTLS verdicts.</summary>
internal static class MeshTlsText
{
    internal const string NoEndpoints = "No endpoint is ready.";
    internal const string NoSidecarClient = "A client without a sidecar sends plaintext.";
    internal const string ShowService = "Export the service to the client's namespace, and let the client's Sidecar in egress.hosts name it.";

    internal static string InjectClient(string @namespace) =>
        $"Give the client a sidecar, or open the port with a PeerAuthentication in {@namespace} (portLevelMtls: PERMISSIVE).";

    internal static string CheckPods(string service) => $"Check that the selector of {service} matches pods and that they are ready.";

    internal static string CheckEntry(string host) => $"Add endpoints to the ServiceEntry of {host}, or workloads that its selector matches.";

    internal static string Unseen(bool passes) => passes
        ? "The clients' proxies do not know the service: the call goes past the mesh, as it comes."
        : "The clients' proxies do not know the service, and end what they do not know.";

    internal static string NodeLocal(IReadOnlyList<string> without) => without.Count == 0
        ? "Each client reaches the endpoints of its own node only (internalTrafficPolicy: Local)."
        : $"Each client reaches the endpoints of its own node only (internalTrafficPolicy: Local): none from {string.Join(", ", without)}.";

    internal static string Proxied(string host, string reason) => $"The clients' proxies do not know the service: the call goes to the egress proxy {host}. {reason}";

    internal static string NoProxy(string host) => $"The clients' proxies know neither the service nor the egress proxy {host} (its port or subset) that takes such calls.";

    internal static string Reason(TlsCause cause, TlsStatus status, ServerTls server, string? rule, string? policy)
    {
        var sends = cause switch
        {
            TlsCause.Rule when status == TlsStatus.Secured => $"DestinationRule {rule} asks for mutual TLS",
            TlsCause.Rule => $"DestinationRule {rule} decides what is sent",
            TlsCause.AutomaticMtlsOff => "Automatic mTLS is off in the mesh config, and no DestinationRule asks for TLS",
            TlsCause.HeadlessWithoutSidecar => "The service is headless and an endpoint has no sidecar, so all get plaintext",
            TlsCause.NamespaceDisabled => "The mode of the namespace is DISABLE, so clients send plaintext to all its services",
            TlsCause.ServerWithoutSidecar => "The endpoint has no sidecar, so clients send plaintext",
            TlsCause.ServerIsGateway => "The endpoint is a gateway, which automatic mTLS leaves out, so clients send plaintext",
            TlsCause.ServerDisabled => $"PeerAuthentication {policy} disables mTLS on the port, so clients send plaintext",
            TlsCause.External => "The host is outside of the mesh, and no DestinationRule asks for TLS: the proxy passes on what the application sends",
            _ => "Automatic mTLS",
        };
        return server switch
        {
            ServerTls.Strict when status == TlsStatus.Broken => $"{sends}; {(policy is null ? "a Gateway" : $"PeerAuthentication {policy}")} takes mutual TLS only.",
            ServerTls.None when status == TlsStatus.Broken => $"{sends}; the endpoint has no sidecar to take mutual TLS.",
            ServerTls.Disable when status == TlsStatus.Broken => $"{sends}; PeerAuthentication {policy} takes plaintext only.",
            _ => sends + ".",
        };
    }

    internal static string? Fix(TlsCause cause, TlsStatus status, ServerTls server, string? rule, string? policy, string service)
    {
        if (status == TlsStatus.Secured)
            return null;
        return cause switch
        {
            TlsCause.Rule when server == ServerTls.None && status == TlsStatus.Broken => $"Give the pods of {service} a sidecar, or remove tls from DestinationRule {rule}.",
            TlsCause.Rule when server == ServerTls.Disable && status == TlsStatus.Broken => $"Remove the mode DISABLE from PeerAuthentication {policy}, or tls from DestinationRule {rule}.",
            TlsCause.Rule => $"Remove tls from DestinationRule {rule}: automatic mTLS then sends what the server takes.",
            TlsCause.AutomaticMtlsOff => "Set enableAutoMtls: true in the mesh config.",
            TlsCause.HeadlessWithoutSidecar or TlsCause.ServerWithoutSidecar => $"Give every pod of {service} a sidecar.",
            TlsCause.NamespaceDisabled => "Set the namespace's PeerAuthentication to STRICT or PERMISSIVE.",
            TlsCause.ServerDisabled => $"Remove the mode DISABLE from PeerAuthentication {policy}.",
            _ => null,
        };
    }
}
