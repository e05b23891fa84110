namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// Codes VCM0101 to VCM0129: what a definition asks for and Istio would defeat, and what contradicts itself.
/// A warning or less is rendered in the form that works; an error is not rendered at all.
/// </summary>
public static class DefinitionFindings
{
    private const string Circuits = "https://istio.io/latest/docs/reference/config/networking/destination-rule/";
    private const string Routes = "https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry";
    private const string Mtls = "https://istio.io/latest/docs/reference/config/security/peer_authentication/";
    private const string Gateways = "https://istio.io/latest/docs/setup/additional-setup/gateway/";
    private const string Certificates = "https://istio.io/latest/docs/reference/commands/pilot-agent/";

    /// <summary>The last retry cannot end within the time-out.</summary>
    public static readonly FindingRule RetriesBeyondTimeout = new(
        "VCM0101", FindingSeverity.Warning,
        "{0} tries of {1} take up to {2}, longer than the time-out of {3}; {4} per try is rendered.",
        "'attempts' counts retries, so there is one try more, and the time-out of the request covers all of them: the last would be cut off.",
        "Write perTryTimeout: {4}, or a time-out of {2}, or fewer attempts.",
        Routes);

    /// <summary>No limit of requests under HTTP/2.</summary>
    public static readonly FindingRule RequestLimitMissing = new(
        "VCM0102", FindingSeverity.Info,
        "maxRequests is not stated; {0}, as many as connections, is rendered.",
        "Under HTTP/2 one connection carries every request, and maxConnections and maxPendingRequests never trip. Without http2MaxRequests there is no limit.",
        "Write maxRequests: {0}, or the number of requests that the service can have under way from one caller's proxy.",
        Circuits);

    /// <summary>Outlier detection that can never leave out a replica.</summary>
    public static readonly FindingRule EjectionImpossible = new(
        "VCM0103", FindingSeverity.Warning,
        "maxEjectionPercent {0} would never leave out one of {1} replicas; {2} is rendered.",
        "Since Istio 1.20 (Envoy 1.28) a host is left out only while 100 × (left out + 1) / hosts is at most the percentage; Istio's default is 10.",
        "Write maxEjectionPercent: {2} or more.",
        Circuits);

    /// <summary>A single replica that may be left out.</summary>
    public static readonly FindingRule OnlyReplicaEjected = new(
        "VCM0104", FindingSeverity.Warning,
        "The service may run with one replica, and its circuit breaker may leave that one out.",
        "With no host left, callers get 503 (flag UH) until the ejection time is over: Istio switches Envoy's panic mode off.",
        "Run at least two replicas.",
        Circuits);

    /// <summary>Two numbers for the start of rotation.</summary>
    public static readonly FindingRule RotationConflict = new(
        "VCM0105", FindingSeverity.Warning,
        "Rotation {0} before expiry and a grace period of {1} cannot both be the start of rotation; it starts {2} before expiry, ratio {3}.",
        "Istio has one number for both: the part of the lifetime that is left when rotation starts. The longer time is taken: rotation is tried during it, and {4} left means that it has failed for days.",
        "Choose: (1) keep both and alert at {4} left; (2) write gracePeriod: {4} for a late rotation, which one outage of istiod of that length turns into an outage of the mesh; (3) shorten the lifetime.",
        Certificates);

    /// <summary>Certificates live longer than Istio's default.</summary>
    public static readonly FindingRule LongLifetime = new(
        "VCM0106", FindingSeverity.Info,
        "Workload certificates live {0}; Istio's default is 24h.",
        "Istio cannot revoke a workload certificate: a stolen one is good until it expires. Pods that restart get a new one anyway.",
        "Shorten the lifetime where no rule demands it.",
        Certificates);

    /// <summary>Certificates live longer than istiod grants.</summary>
    public static readonly FindingRule LifetimeBeyondMaximum = new(
        "VCM0107", FindingSeverity.Warning,
        "Workload certificates of {0} are longer than the 2160h that istiod grants; MAX_WORKLOAD_CERT_TTL is raised.",
        "istiod refuses a longer request and the pod never becomes ready. A plugged-in CA shortens certificates to its own expiry silently.",
        "Use at most 2160h.",
        Certificates);

    /// <summary>A retry that may carry a request out twice.</summary>
    public static readonly FindingRule UnsafeRetry = new(
        "VCM0108", FindingSeverity.Warning,
        "Retries on '{0}' may carry a request out twice.",
        "The service may have done its work before it answered with an error or the connection broke. A POST is repeated too.",
        "Retry on connect-failure, refused-stream, unavailable and cancelled only, or make sure that every request may be repeated.",
        Routes);

    /// <summary>No time-out.</summary>
    public static readonly FindingRule TimeoutMissing = new(
        "VCM0109", FindingSeverity.Info,
        "No time-out is stated; requests may take as long as they like.",
        "Istio sets no time-out by itself (Envoy's 15 s are switched off). For a front door that may be right: the services behind it have their own.",
        "Write a timeout if no request should take longer.",
        "https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute");

    /// <summary>No image.</summary>
    public static readonly FindingRule ImageMissing = new(
        "VCM0110", FindingSeverity.Info,
        "The image is not known; the rendered Deployment cannot be applied.",
        "Neither the service nor images.registry and images.tag say where it comes from.",
        "Write images.registry and images.tag, or the service's image, before workloads are applied.",
        "https://kubernetes.io/docs/concepts/containers/images/");

    /// <summary>Plain HTTP at the front door.</summary>
    public static readonly FindingRule PlainIngress = new(
        "VCM0111", FindingSeverity.Warning,
        "The ingress gateway serves plain HTTP on port {0} and no HTTPS.",
        "Traffic to the gateway is not encrypted unless something before it ends TLS.",
        "Add a port with protocol HTTPS and credentialName, and httpsRedirect: true to this one.",
        Gateways);

    /// <summary>A gateway that may read the CA's secret.</summary>
    public static readonly FindingRule GatewayBesideCa = new(
        "VCM0112", FindingSeverity.Warning,
        "The gateway needs to read secrets in {0}, where the key of the mesh's CA lies.",
        "A gateway gets its certificates from secrets of its own namespace, and Kubernetes can grant listing only for all of them.",
        "Run the gateway in a namespace of its own.",
        Gateways);

    /// <summary>A replica count without use.</summary>
    public static readonly FindingRule AutoscalerWithoutRequest = new(
        "VCM0113", FindingSeverity.Warning,
        "The autoscaler cannot work: resources.requests.cpu is not stated.",
        "The autoscaler measures CPU in percent of what is requested. The injected sidecar's request alone does not count for the container.",
        "Write resources.requests.cpu.",
        "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/");

    /// <summary>A smaller number above a greater one.</summary>
    public static readonly FindingRule RangeReversed = new(
        "VCM0114", FindingSeverity.Error,
        "{0} is more than {1}.",
        "The first can be at most the second.",
        "Correct one of them.");

    /// <summary>A name that refers to nothing.</summary>
    public static readonly FindingRule UnknownReference = new(
        "VCM0115", FindingSeverity.Error,
        "'{0}' is not {1}.",
        "The definition refers to a name that it does not define. Known: {2}.",
        "Correct the name, or define it.");

    /// <summary>Services in a namespace without sidecars.</summary>
    public static readonly FindingRule NamespaceNotInjected = new(
        "VCM0116", FindingSeverity.Error,
        "The services' namespace {0} has no injection.",
        "Without sidecars there is no mutual TLS, no circuit breaker, no time-out and no retry.",
        "Write injection: true for {0}.",
        "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/");

    /// <summary>mTLS that no caller would use.</summary>
    public static readonly FindingRule MtlsNeverSent = new(
        "VCM0117", FindingSeverity.Error,
        "STRICT cannot be reached: the mesh's mode is DISABLE.",
        "Callers decide by the mode of mesh and namespace: under DISABLE they send plain text, which STRICT refuses.",
        "Write mesh.mtls: PERMISSIVE or STRICT.",
        Mtls);

    /// <summary>A port-level mode for a port that nothing listens on.</summary>
    public static readonly FindingRule PortMtlsWithoutPort = new(
        "VCM0118", FindingSeverity.Error,
        "No container port {0} is defined; known: {1}.",
        "Port-level modes are keyed by the container's port (targetPort), not by the Service's. Another number has no effect.",
        "Use the targetPort.",
        Mtls);

    /// <summary>The same port twice.</summary>
    public static readonly FindingRule PortTwice = new(
        "VCM0119", FindingSeverity.Error,
        "Port {0} is there twice.",
        "A Service has each port once.",
        "Give each port its own number.",
        "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services");

    /// <summary>HTTPS without certificate or the reverse.</summary>
    public static readonly FindingRule GatewayTlsMismatch = new(
        "VCM0120", FindingSeverity.Error,
        "Protocol {0} {1}.",
        "The gateway ends TLS on an HTTPS port with the certificate of a secret; no other port has one.",
        "Write protocol: HTTPS together with credentialName, and httpsRedirect with protocol: HTTP only.",
        Gateways);

    /// <summary>Something that Istio handles only for HTTP.</summary>
    public static readonly FindingRule HttpOnly = new(
        "VCM0121", FindingSeverity.Error,
        "{0} needs a port with protocol HTTP, HTTP2 or GRPC.",
        "Time-outs, retries and routes from the ingress gateway are rules for HTTP; a sidecar cannot see into other protocols.",
        "Correct the protocol of the port, or remove {0}.",
        "https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/");

    /// <summary>An egress gateway that nothing uses.</summary>
    public static readonly FindingRule EgressUnused = new(
        "VCM0122", FindingSeverity.Info,
        "Nothing is routed through the egress gateway yet.",
        "A gateway gets the traffic that ServiceEntry and VirtualService objects send to it; the definition has none.",
        "Add these objects for the hosts that must leave through it, or remove the gateway.",
        "https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/");

    /// <summary>Retries that multiply along a chain of calls.</summary>
    public static readonly FindingRule RetriesMultiply = new(
        "VCM0123", FindingSeverity.Warning,
        "One request may become {0} requests to {1}: {2}.",
        "Each service on the way tries again by itself, and the tries multiply just when the last service is overloaded.",
        "Retry in one place of the chain only, or lower attempts.",
        Routes);

    /// <summary>A limit counts for each client's proxy.</summary>
    public static readonly FindingRule LimitPerProxy = new(
        "VCM0124", FindingSeverity.Info,
        "maxConnections {0} counts for each client's proxy: the callers have up to {1} pods, {2} connections in all.",
        "Each Envoy keeps its own count; there is no common one.",
        "Divide what the service can take by the number of its callers' pods, or limit it at the service (rateLimit).",
        Circuits);

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        RetriesBeyondTimeout, RequestLimitMissing, EjectionImpossible, OnlyReplicaEjected, RotationConflict, LongLifetime, LifetimeBeyondMaximum,
        UnsafeRetry, TimeoutMissing, ImageMissing, PlainIngress, GatewayBesideCa, AutoscalerWithoutRequest, RangeReversed, UnknownReference,
        NamespaceNotInjected, MtlsNeverSent, PortMtlsWithoutPort, PortTwice, GatewayTlsMismatch, HttpOnly, EgressUnused, RetriesMultiply, LimitPerProxy,
    ];
}
