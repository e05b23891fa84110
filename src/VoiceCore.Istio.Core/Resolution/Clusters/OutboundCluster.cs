using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// What a client's proxy does for one service port (or one subset of it). Source: pilot/pkg/networking/core/cluster_builder.go,
/// cluster_traffic_policy.go and cluster_tls.go.
/// </summary>
internal sealed class OutboundCluster
{
    private readonly MeshResolution _mesh;
    private readonly bool _ofGateway;
    private readonly ClientTlsMode? _endpointMode;

    internal OutboundCluster(MeshResolution mesh, RegisteredService service, RegisteredPort port, EffectiveRule? rule, Subset? subset, bool ofGateway = false)
    {
        (_mesh, _ofGateway) = (mesh, ofGateway);
        (Service, Port, Rule, Subset) = (service, port, rule, subset);
        var ofPort = TrafficPolicies.OfPort(rule?.Policy, port.Number, mesh.Snapshot.Mesh);
        Policy = subset is null ? ofPort : TrafficPolicies.OfSubset(ofPort, subset.Policy, port.Number);
        // The load balancer has no say where each request's own name is looked up.
        IsPassthrough = (service.IsPassthrough && !ofGateway) || (!service.LooksUpRequests && (IsPassthroughPolicy(ofPort) || IsPassthroughPolicy(Policy) || IsPassthroughPolicy(subset?.Policy)));
        Exists = Has(ofPort);
        _endpointMode = TrafficPolicies.EndpointMode(rule, subset, port.Number);
        Transport = TransportOf(subset is null ? rule?.Policy : subset.Policy);
    }

    internal RegisteredService Service { get; }

    internal RegisteredPort Port { get; }

    internal EffectiveRule? Rule { get; }

    internal Subset? Subset { get; }

    internal TrafficPolicy Policy { get; }

    /// <summary>The client chooses the endpoint; of a headless service no gateway does (<c>convertResolution</c> in cluster.go).</summary>
    internal bool IsPassthrough { get; }

    internal ClientTransport Transport { get; }

    /// <summary>How its endpoints are found.</summary>
    internal ClusterDiscovery Discovery =>
        IsPassthrough ? ClusterDiscovery.OriginalDestination
        : Service.LooksUpRequests ? ClusterDiscovery.DynamicForwardProxy
        : !Service.IsLookedUp ? ClusterDiscovery.Eds
        : Service.Resolution == ServiceResolution.DnsRoundRobin || Service.TriesAllAddresses ? ClusterDiscovery.LogicalDns
        : ClusterDiscovery.StrictDns;

    /// <summary>False where proxies are told of no such cluster: there is no name to look up, or no way to look up names for the port or subset.</summary>
    internal bool Exists { get; }

    internal string Name => $"outbound|{Port.Number}|{Subset?.Name}|{Service.Host}";

    internal TimeSpan ConnectTimeout => Policy.ConnectionPool?.ConnectTimeout ?? _mesh.Snapshot.Mesh.ConnectTimeout;

    /// <summary>The name that TLS asks for; null where the proxy asks for none or takes the request's host.</summary>
    internal string? Sni => Transport switch
    {
        ClientTransport.Plaintext => null,
        ClientTransport.Simple or ClientTransport.Mutual => Policy.Tls!.Sni is { Length: > 0 } given ? given : null,
        _ when Service.LooksUpRequests => Policy.Tls?.Sni is { Length: > 0 } own ? own : null,
        _ => Policy.Tls?.Sni is { Length: > 0 } given ? given : $"outbound_.{Port.Number}_.{Subset?.Name}_.{Service.Host}",
    };

    internal IEnumerable<RegisteredEndpoint> Endpoints
    {
        get
        {
            // Where a gateway is told endpoints that sidecars are not, names are none.
            var told = _ofGateway && Service.IsPassthrough ? Port.Endpoints.Where(endpoint => endpoint.CanBeTold) : Port.Endpoints;
            return Subset is null ? told : told.Where(endpoint => endpoint.IsIn(Subset.Labels));
        }
    }

    /// <summary>
    /// Whether istiod tells proxies to use mutual TLS with this endpoint; counts where <see cref="Transport"/> is automatic.
    /// Source: <c>checkMtlsEnabled</c> in pilot/pkg/xds/endpoints/mtls_checker.go.
    /// </summary>
    internal bool UsesMutualTls(RegisteredEndpoint endpoint) => endpoint.AcceptsMutualTls && UsesMutualTls(
        true, _mesh.PeerAuthentication.Resolve(endpoint.Namespace, endpoint.Pod!.Labels, endpoint.Port).Mode == MutualTlsMode.Disable);

    /// <summary>The same for endpoints of a kind.</summary>
    internal bool UsesMutualTls(bool acceptsMutualTls, bool isDisabled) =>
        acceptsMutualTls && (_endpointMode is { } mode ? mode == ClientTlsMode.IstioMutual : !isDisabled);

    // `buildOutboundClusters` in pilot/pkg/networking/core/cluster.go, `buildCluster` and `buildSubsetCluster` in cluster_builder.go.
    private bool Has(TrafficPolicy ofPort)
    {
        if (Service.LooksUpRequests)
            return Subset is null && Port.Protocol is PortProtocol.Http or PortProtocol.Http2 or PortProtocol.Grpc or PortProtocol.Tls;
        return !Service.IsLookedUp
            || (Port.Endpoints.Length > 0 && (Subset is null || IsPassthroughPolicy(ofPort) || IsPassthroughPolicy(Subset.Policy) || Endpoints.Any()));
    }

    private ClientTransport TransportOf(TrafficPolicy? inferredFrom)
    {
        switch (Policy.Tls)
        {
            case { Mode: ClientTlsMode.Disable }:
                return ClientTransport.Plaintext;
            // Certificates of a secret reach gateways only, unless the rule names its workloads.
            case { Mode: ClientTlsMode.Simple or ClientTlsMode.Mutual, CredentialName: { } name } when !_ofGateway && Rule!.First.WorkloadSelector is null && !name.StartsWith("configmap://", StringComparison.Ordinal):
                return ClientTransport.Plaintext;
            case { Mode: ClientTlsMode.Simple }:
                return ClientTransport.Simple;
            case { Mode: ClientTlsMode.Mutual } tls:
                return tls.HasCertificateFiles || tls.CredentialName is not null ? ClientTransport.Mutual : ClientTransport.Plaintext;
            case { Mode: ClientTlsMode.IstioMutual }:
                return ClientTransport.IstioMutual;
        }

        if (!_mesh.Snapshot.Mesh.EnableAutoMtls || Service.IsAlias || Service.IsExternal || InferredMode(inferredFrom) == MutualTlsMode.Disable)
            return ClientTransport.Plaintext;
        // Where the client chooses the endpoint, the proxy cannot choose the transport by endpoint.
        return IsPassthrough ? ClientTransport.IstioMutual : ClientTransport.Auto;
    }

    // `BestEffortInferServiceMTLSMode` in pilot/pkg/model/push_context.go.
    private MutualTlsMode InferredMode(TrafficPolicy? policy)
    {
        if ((Service.IsPassthrough || IsPassthroughPolicy(policy))
            && (Port.Endpoints.Length + Port.Unready.Length == 0 || Port.Endpoints.Concat(Port.Unready).Any(endpoint => endpoint.TakesNoTls)))
            return MutualTlsMode.Disable;
        return _mesh.PeerAuthentication.OfNamespace(Service.Namespace).Mode;
    }

    private static bool IsPassthroughPolicy(TrafficPolicy? policy) => policy?.LoadBalancer is { Simple: "PASSTHROUGH", IsConsistentHash: false };
}
