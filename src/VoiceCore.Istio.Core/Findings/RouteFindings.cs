namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0251 to VCM0279: routes, gateways, sidecars and ServiceEntries that do not do what they say.</summary>
public static class RouteFindings
{
    private const string Routes = "https://istio.io/latest/docs/reference/config/networking/virtual-service/";
    private const string Rules = "https://istio.io/latest/docs/reference/config/networking/destination-rule/";
    private const string Gateways = "https://istio.io/latest/docs/reference/config/networking/gateway/";
    private const string Sidecars = "https://istio.io/latest/docs/reference/config/networking/sidecar/";
    private const string Entries = "https://istio.io/latest/docs/reference/config/networking/service-entry/";
    private const string GatewayApi = "https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/";
    private const string Grants = "https://gateway-api.sigs.k8s.io/reference/api-types/referencegrant/";

    /// <summary>A destination that could be any of several ports.</summary>
    public static readonly FindingRule PortAmbiguous = new(
        "VCM0251", FindingSeverity.Error,
        "The destination {0} has the ports {1}, and the route names none.",
        "Without a port the route means the only port of a service; here there are several.",
        "Write destination.port.number.",
        Routes + "#Destination") { SameAs = ["IST0112"] };

    /// <summary>A destination's port that the service does not have.</summary>
    public static readonly FindingRule PortUnknown = new(
        "VCM0252", FindingSeverity.Error,
        "The destination {0} has no port {1}; known: {2}.",
        "There is no cluster for a port that the service does not have: requests are answered with 503 (flag NC).",
        "Correct the port: it is the Service's, not the container's.",
        Routes + "#Destination") { SameAs = ["IST0101"] };

    /// <summary>A subset that requests through a gateway do not get.</summary>
    public static readonly FindingRule SubsetIgnored = new(
        "VCM0253", FindingSeverity.Warning,
        "Requests through the gateway go to {0} as a whole; the subsets of {1} count for sidecars only.",
        "A gateway uses the VirtualServices that are bound to it. What another one says for the same host does not count there.",
        "Name the subset in this route too, or bind {1} to the gateway.",
        Routes) { SameAs = ["IST0140"] };

    /// <summary>A host that no server of the gateway serves.</summary>
    public static readonly FindingRule HostNotInGateway = new(
        "VCM0254", FindingSeverity.Warning,
        "None of the hosts {0} is served by the gateway {1}: these routes are never used there.",
        "A gateway answers for the hosts of its servers only; with namespace/ before a host, only VirtualServices of that namespace count.",
        "Add the host to a server of the gateway, or correct it here.",
        Gateways + "#Server") { SameAs = ["IST0132"] };

    /// <summary>A gateway that Istio made for itself.</summary>
    public static readonly FindingRule InternalGateway = new(
        "VCM0255", FindingSeverity.Warning,
        "{0} is a name that Istio gives a Gateway of the Gateway API inside; it may change.",
        "Such names are an implementation detail.",
        "Name the Gateway itself: namespace/name.",
        GatewayApi) { SameAs = ["IST0165"] };

    /// <summary>A route that no request reaches.</summary>
    public static readonly FindingRule RouteUnreachable = new(
        "VCM0256", FindingSeverity.Warning,
        "{0} route {1} is never used: {2}.",
        "The first route that matches a request is taken.",
        "Remove the route, move it up, or narrow the routes before it.",
        Routes) { SameAs = ["IST0130"] };

    /// <summary>A match that another one takes away.</summary>
    public static readonly FindingRule MatchIneffective = new(
        "VCM0257", FindingSeverity.Info,
        "{0} route {1}: match {2} has no effect, {3} takes its requests.",
        "The first match that a request satisfies is taken.",
        "Remove the match, or move it up.",
        Routes + "#HTTPMatchRequest") { SameAs = ["IST0131"] };

    /// <summary>A route by claim without a verified token.</summary>
    public static readonly FindingRule ClaimUnverified = new(
        "VCM0258", FindingSeverity.Error,
        "Routes depend on {0}, and no RequestAuthentication is for the pods of gateway {1}: they never match.",
        "Claims exist only where a RequestAuthentication verifies the token.",
        "Add a RequestAuthentication that selects the gateway's pods.",
        "https://istio.io/latest/docs/tasks/security/authentication/jwt-route/") { SameAs = ["IST0149"] };

    /// <summary>A gateway's port that no Service leads to.</summary>
    public static readonly FindingRule GatewayPortUnserved = new(
        "VCM0259", FindingSeverity.Warning,
        "No Service leads to port {0} of the pods with the labels {1}.",
        "The proxy listens, but only what a Service of the gateway's pods has as port or targetPort is reached from outside.",
        "Add the port to the gateway's Service, or correct it here.",
        Gateways + "#Port") { SameAs = ["IST0162"] };

    /// <summary>Two gateways for one host and port.</summary>
    public static readonly FindingRule GatewaysConflict = new(
        "VCM0260", FindingSeverity.Error,
        "{0} serves {1} on port {2} of the same pods as well.",
        "One server counts for a host and port; that of the older Gateway is taken and the other left out.",
        "Give each Gateway hosts of its own, or make one of them.",
        Gateways) { SameAs = ["IST0145", "KIA0301"] };

    /// <summary>One certificate at several gateways of the same pods.</summary>
    public static readonly FindingRule CertificateShared = new(
        "VCM0261", FindingSeverity.Warning,
        "{0} uses the same certificate on the same pods.",
        "Browsers send requests for a second host over the connection of the first where one certificate covers both; the first Gateway answers 404.",
        "Put the hosts into one Gateway, or give each a certificate of its own.",
        "https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate")
    { SameAs = ["IST0138"] };

    /// <summary>A ServiceEntry for TCP that every connection would match.</summary>
    public static readonly FindingRule EntryAddressMissing = new(
        "VCM0262", FindingSeverity.Warning,
        "Port {0} is TCP and the ServiceEntry has no addresses: it takes every connection to this port.",
        "TCP says no host name, so a proxy can tell destinations by address only.",
        "Write addresses, or a protocol that names the host (TLS, HTTP), or let proxies capture DNS with automatic addresses.",
        Entries) { SameAs = ["IST0134"] };

    /// <summary>Several ServiceEntries that do not agree about a protocol.</summary>
    public static readonly FindingRule EntryProtocolConflict = new(
        "VCM0263", FindingSeverity.Warning,
        "{0} has another protocol for port {2} of {1}.",
        "One protocol counts for a host and port; which one is not defined.",
        "Make the protocols equal, or limit the entries with exportTo.",
        Entries) { SameAs = ["IST0177", "KIA1212"] };

    /// <summary>A field that Istio ignores or is about to drop.</summary>
    public static readonly FindingRule DeprecatedField = new(
        "VCM0264", FindingSeverity.Warning,
        "{0} is deprecated{1}.",
        "Istio keeps such a field for a while, some of them without effect.",
        "Write what replaces it, or remove it.",
        "https://istio.io/latest/docs/reference/config/networking/") { SameAs = ["IST0002"] };

    /// <summary>A weight without an alternative.</summary>
    public static readonly FindingRule WeightAlone = new(
        "VCM0265", FindingSeverity.Warning,
        "{0} route {1} has one destination with weight {2}; it gets everything.",
        "A weight is a share among destinations of one route, and one destination has all of it.",
        "Add the other destinations, or remove the weight.",
        Routes + "#HTTPRouteDestination") { SameAs = ["KIA1104"] };

    /// <summary>One destination twice in a route.</summary>
    public static readonly FindingRule DestinationTwice = new(
        "VCM0266", FindingSeverity.Warning,
        "{0} route {1} names {2} more than once.",
        "The weights of equal destinations add up; usually a subset was meant to differ.",
        "Correct the subset, or keep one of them.",
        Routes + "#HTTPRouteDestination") { SameAs = ["KIA1105"] };

    /// <summary>A subset that is everything.</summary>
    public static readonly FindingRule SubsetWithoutLabels = new(
        "VCM0267", FindingSeverity.Info,
        "Subset {0} has no labels: it is every pod of the service.",
        "A subset picks endpoints by labels. Without them it can only carry another policy.",
        "Write the labels, unless only the policy is meant.",
        Rules + "#Subset") { SameAs = ["KIA0209"] };

    /// <summary>A Sidecar that lets through what does not exist.</summary>
    public static readonly FindingRule EgressHostUnknown = new(
        "VCM0268", FindingSeverity.Warning,
        "The egress host {0} is no service and no ServiceEntry.",
        "A Sidecar limits what its pods see; a host that nothing has does not add anything.",
        "Correct the host: namespace/dnsName with the full name.",
        Sidecars + "#IstioEgressListener") { SameAs = ["KIA1004"] };

    /// <summary>A Sidecar of the root namespace with a selector.</summary>
    public static readonly FindingRule RootSidecarSelects = new(
        "VCM0269", FindingSeverity.Warning,
        "A Sidecar of the root namespace with a workload selector is for pods of that namespace only.",
        "Without a selector it is the default of all namespaces; with one it is not.",
        "Remove workloadSelector, or move the Sidecar to the namespace of the pods.",
        Sidecars) { SameAs = ["KIA1006"] };

    /// <summary>A gateway named as of old.</summary>
    public static readonly FindingRule GatewayNameOld = new(
        "VCM0270", FindingSeverity.Info,
        "The gateway is named {0}, a DNS name.",
        "Istio takes name.namespace.svc.cluster.local as namespace/name for compatibility.",
        "Write namespace/name.",
        Routes) { SameAs = ["KIA1108"] };

    /// <summary>A route whose parent does not exist.</summary>
    public static readonly FindingRule ParentUnknown = new(
        "VCM0271", FindingSeverity.Error,
        "The parent {0} does not exist: the route is attached to nothing.",
        "parentRefs name a Gateway, of the route's own namespace unless one is given.",
        "Correct parentRefs, or create the Gateway.",
        GatewayApi) { SameAs = ["KIA1401"] };

    /// <summary>A route to a service that does not exist.</summary>
    public static readonly FindingRule BackendUnknown = new(
        "VCM0272", FindingSeverity.Error,
        "The backend {0} does not exist.",
        "Requests for it are answered with 500.",
        "Correct backendRefs, or create the Service.",
        GatewayApi) { SameAs = ["KIA1402"] };

    /// <summary>A route that its Gateway does not take.</summary>
    public static readonly FindingRule ParentRefuses = new(
        "VCM0273", FindingSeverity.Error,
        "No listener of the Gateway {0} takes routes of the namespace {1}.",
        "A listener takes routes of the Gateway's own namespace unless allowedRoutes.namespaces says otherwise.",
        "Allow the namespace in allowedRoutes of the listener, or move the route.",
        "https://gateway-api.sigs.k8s.io/guides/user-guides/multiple-ns/") { SameAs = ["KIA1401"] };

    /// <summary>A subset that an older rule defines.</summary>
    public static readonly FindingRule SubsetTwice = new(
        "VCM0274", FindingSeverity.Warning,
        "{0} defines the subset {1} of {2} as well; that of {3} counts.",
        "Rules for one host in one namespace are merged, and of two subsets of one name that of the older rule counts; the other has no effect.",
        "Rename the subset, or make one rule of them.",
        Rules + "#Subset") { SameAs = ["KIA0201"] };

    /// <summary>One host and port in several ServiceEntries.</summary>
    public static readonly FindingRule EntryTwice = new(
        "VCM0275", FindingSeverity.Info,
        "{0} has port {2} of {1} as well.",
        "Endpoints that entries of one namespace have for a host are joined; of entries of several namespaces a caller uses one.",
        "Make one of them, or limit them with exportTo, unless the endpoints shall be joined.",
        Entries) { SameAs = ["KIA1211"] };

    /// <summary>A mode that is not what its absence seems to mean.</summary>
    public static readonly FindingRule OutboundModeMissing = new(
        "VCM0276", FindingSeverity.Warning,
        "outboundTrafficPolicy has no mode: that means REGISTRY_ONLY.",
        "REGISTRY_ONLY is the first value of the field; calls to hosts that the mesh does not know are refused.",
        "Write the mode that is meant, or remove outboundTrafficPolicy to have that of the mesh.",
        Sidecars + "#OutboundTrafficPolicy") { SameAs = ["KIA1007"] };

    /// <summary>A route to another namespace that has not allowed it.</summary>
    public static readonly FindingRule GrantMissing = new(
        "VCM0277", FindingSeverity.Error,
        "No ReferenceGrant of the namespace {1} lets the route lead to {0}.",
        "A route may lead to a service of another namespace only where a ReferenceGrant there names its kind and namespace; else its requests are answered with 500.",
        "Create a ReferenceGrant in {1}, from {2} of {3} to Service.",
        Grants) { SameAs = ["KIA1402"] };

    /// <summary>A grant for routes of a namespace that does not exist.</summary>
    public static readonly FindingRule GrantNamespaceUnknown = new(
        "VCM0278", FindingSeverity.Warning,
        "The grant is for routes of the namespace {0}, which does not exist.",
        "A ReferenceGrant counts for the namespaces of from only; whoever creates this one later is let in.",
        "Correct the namespace, or remove the entry.",
        Grants) { SameAs = ["KIA1601"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        PortAmbiguous, PortUnknown, SubsetIgnored, HostNotInGateway, InternalGateway, RouteUnreachable, MatchIneffective, ClaimUnverified,
        GatewayPortUnserved, GatewaysConflict, CertificateShared, EntryAddressMissing, EntryProtocolConflict, DeprecatedField, WeightAlone,
        DestinationTwice, SubsetWithoutLabels, EgressHostUnknown, RootSidecarSelects, GatewayNameOld, ParentUnknown, BackendUnknown, ParentRefuses,
        SubsetTwice, EntryTwice, OutboundModeMissing, GrantMissing, GrantNamespaceUnknown,
    ];
}
