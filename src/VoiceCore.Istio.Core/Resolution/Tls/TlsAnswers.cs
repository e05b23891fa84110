using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What clients send to single endpoints, why, and how these take it.</summary>
internal sealed class TlsAnswers(MeshResolution mesh)
{
    private readonly GatewayServers _gateways = new(mesh.Snapshot.Gateways);

    /// <summary>The kinds of endpoints of a port; of a name that is looked up, somebody without a sidecar.</summary>
    internal EndpointKind[] Kinds(RegisteredService service, RegisteredPort port, IEnumerable<RegisteredEndpoint> endpoints)
    {
        var kinds = new List<EndpointKind>();
        foreach (var endpoint in endpoints)
        {
            var kind = Kind(port, endpoint);
            if (!kinds.Contains(kind))
                kinds.Add(kind);
        }

        if (kinds.Count == 0 && !service.HasKnownEndpoints)
            kinds.Add(new EndpointKind(ServerTls.None, null, false));
        return kinds.ToArray();
    }

    /// <summary>The kind of an endpoint by its pod's policies; without a sidecar it takes no mutual TLS.</summary>
    internal EndpointKind Kind(RegisteredPort port, RegisteredEndpoint endpoint)
    {
        if (endpoint.Pod is not { HasSidecar: true } pod)
            return new EndpointKind(ServerTls.None, null, false);
        if (pod.IsGateway)
            return new EndpointKind(_gateways.Of(pod, port.Number, endpoint.Port), null, endpoint.AcceptsMutualTls, IsGateway: true);
        var inbound = mesh.PeerAuthentication.Resolve(pod.Namespace, pod.Labels, endpoint.Port);
        return new EndpointKind(
            inbound.Mode switch
            {
                MutualTlsMode.Strict => ServerTls.Strict,
                MutualTlsMode.Disable => ServerTls.Disable,
                _ => ServerTls.Permissive,
            },
            inbound.Policy?.Key,
            endpoint.AcceptsMutualTls);
    }

    /// <summary>What a cluster sends to endpoints of a kind.</summary>
    internal TlsAnswer Of(OutboundCluster cluster, EndpointKind endpoint)
    {
        var (sends, why) = Sends(cluster, endpoint);
        return new TlsAnswer(sends, Status(sends, endpoint.Server), why, endpoint);
    }

    private (ClientSends Sends, TlsCause Why) Sends(OutboundCluster cluster, EndpointKind endpoint)
    {
        var isRule = cluster.Policy.Tls is not null;
        return cluster.Transport switch
        {
            ClientTransport.Simple or ClientTransport.Mutual => (ClientSends.OwnTls, TlsCause.Rule),
            ClientTransport.IstioMutual => (ClientSends.MutualTls, isRule ? TlsCause.Rule : TlsCause.Automatic),
            // Clients of such a port speak TLS themselves, and the proxy passes it on.
            ClientTransport.Plaintext when cluster.Service.IsExternal && !isRule && cluster.Port.Protocol is (PortProtocol.Https or PortProtocol.Tls) => (ClientSends.OwnTls, TlsCause.External),
            ClientTransport.Plaintext => (ClientSends.Plaintext, isRule ? TlsCause.Rule : WhyPlaintext(cluster)),
            _ when cluster.UsesMutualTls(endpoint.AcceptsMutualTls, endpoint.Server == ServerTls.Disable) => (ClientSends.MutualTls, TlsCause.Automatic),
            _ => (ClientSends.Plaintext, WhyPlaintext(endpoint)),
        };
    }

    private TlsCause WhyPlaintext(OutboundCluster cluster) =>
        cluster.Service.IsExternal ? TlsCause.External
        : !mesh.Snapshot.Mesh.EnableAutoMtls ? TlsCause.AutomaticMtlsOff
        : cluster.IsPassthrough && cluster.Endpoints.Any(endpoint => !endpoint.AcceptsMutualTls) ? TlsCause.HeadlessWithoutSidecar
        : TlsCause.NamespaceDisabled;

    // An endpoint of its own gets plaintext because of itself, or because a rule's tls, which its port's entry replaced, still counts for it.
    private static TlsCause WhyPlaintext(EndpointKind endpoint) =>
        !endpoint.AcceptsMutualTls ? endpoint.IsGateway ? TlsCause.ServerIsGateway : TlsCause.ServerWithoutSidecar
        : endpoint.Server == ServerTls.Disable ? TlsCause.ServerDisabled
        : TlsCause.Rule;

    /// <summary>How it goes.</summary>
    internal static TlsStatus Status(ClientSends sends, ServerTls server) => (sends, server) switch
    {
        (ClientSends.MutualTls, ServerTls.Strict or ServerTls.Permissive) => TlsStatus.Secured,
        (ClientSends.MutualTls, _) => TlsStatus.Broken,
        (_, ServerTls.Strict) => TlsStatus.Broken,
        (ClientSends.Plaintext, _) => TlsStatus.Plaintext,
        _ => TlsStatus.AppTls,
    };
}

/// <summary>Endpoints that differ in nothing that decides.</summary>
/// <param name="Server">What they accept.</param>
/// <param name="Policy">The PeerAuthentication that says so; null without one.</param>
/// <param name="AcceptsMutualTls">Whether automatic mTLS may be used with them.</param>
/// <param name="IsGateway">Whether they are gateways, which have no sidecar and need none.</param>
internal sealed record EndpointKind(ServerTls Server, string? Policy, bool AcceptsMutualTls, bool IsGateway = false)
{
    // Written out, with every property: what the compiler makes of enums has to be compiled at run time.
    public bool Equals(EndpointKind? other) =>
        other is not null && Server == other.Server && Policy == other.Policy && AcceptsMutualTls == other.AcceptsMutualTls && IsGateway == other.IsGateway;

    public override int GetHashCode() => HashCode.Combine((int)Server, Policy, AcceptsMutualTls, IsGateway);
}

/// <summary>What is sent to endpoints of a kind.</summary>
/// <param name="Sends">What is sent.</param>
/// <param name="Status">How it goes.</param>
/// <param name="Why">Why it is sent.</param>
/// <param name="Endpoint">The endpoints.</param>
internal sealed record TlsAnswer(ClientSends Sends, TlsStatus Status, TlsCause Why, EndpointKind Endpoint);
