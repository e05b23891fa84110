namespace VoiceCore.Istio.Core.Findings;

/// <summary>
/// Codes VCM0201 to VCM0249, but for those of <see cref="TlsFindings"/>: what does not do its work in the configuration of a mesh, read from a cluster, from files or from a snapshot.
/// Rules that mean the same as a code of <c>istioctl analyze</c> (pkg/config/analysis/msg/messages.yaml) or Kiali
/// (models/istio_validation.go) name it.
/// </summary>
public static class MeshFindings
{
    private const string Circuits = "https://istio.io/latest/docs/reference/config/networking/destination-rule/";
    private const string Routes = "https://istio.io/latest/docs/reference/config/networking/virtual-service/";
    private const string Injection = "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/";
    private const string Problems = "https://istio.io/latest/docs/ops/common-problems/injection/";
    private const string Visibility = "https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration";
    private const string Gateways = "https://istio.io/latest/docs/reference/config/networking/gateway/";

    /// <summary>The last retry cannot end within the time-out.</summary>
    public static readonly FindingRule RetriesBeyondTimeout = new(
        "VCM0201", FindingSeverity.Warning,
        "Route {0}: {1} tries of {2} take up to {3}, longer than the time-out of {4}.",
        "'attempts' counts retries, so there is one try more, and the time-out of the request covers all of them: the last is cut off.",
        "Lower perTryTimeout or attempts, or raise the time-out to {3}.",
        Routes + "#HTTPRetry");

    /// <summary>Retries that multiply along a chain of calls.</summary>
    public static readonly FindingRule RetriesMultiply = new(
        "VCM0202", FindingSeverity.Warning,
        "One request may become {0} requests to {1}: {2}.",
        "Each service on the way tries again by itself, and the tries multiply just when the last service is overloaded.",
        "Retry in one place of the chain only, or lower attempts.",
        Routes + "#HTTPRetry");

    /// <summary>Outlier detection that can never leave out a host.</summary>
    public static readonly FindingRule EjectionImpossible = new(
        "VCM0203", FindingSeverity.Warning,
        "maxEjectionPercent {0} never leaves out one of {1} replicas of {2}.",
        "Since Istio 1.20 (Envoy 1.28) a host is left out only while 100 × (left out + 1) / hosts is at most the percentage; not stated, it is 10.",
        "Write maxEjectionPercent: {3} or more.",
        Circuits + "#OutlierDetection");

    /// <summary>Outlier detection that keeps callers in their zone.</summary>
    public static readonly FindingRule LocalityUnasked = new(
        "VCM0204", FindingSeverity.Info,
        "Outlier detection keeps callers of {0} in their own zone; its replicas are in {1} zones.",
        "Outlier detection switches locality load balancing on: requests leave the caller's zone only when hosts in it are left out.",
        "Write loadBalancer.localityLbSetting.enabled: false to spread requests over all zones, or leave it where this is wanted.",
        "https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/");

    /// <summary>Outlier detection whose triggers are all switched off.</summary>
    public static readonly FindingRule EjectionOff = new(
        "VCM0207", FindingSeverity.Warning,
        "The outlier detection for {0} ejects nobody: every trigger is off.",
        "consecutive5xxErrors: 0 switches it off, consecutiveGatewayErrors is off unless stated, and local failures count only when they are split off.",
        "Write one of the triggers, or remove outlierDetection.",
        Circuits + "#OutlierDetection");

    /// <summary>A rule that no client uses.</summary>
    public static readonly FindingRule RuleNeverSelected = new(
        "VCM0208", FindingSeverity.Warning,
        "No client uses the rule for {0}: {1}.",
        "A client takes one rule for a host: of its own namespace, else of the service's, else of the root namespace; there the most specific host wins.",
        "Move what is needed to the rule that is used, or limit that one with exportTo.",
        Visibility);

    /// <summary>A policy that an older rule hides.</summary>
    public static readonly FindingRule PolicyHidden = new(
        "VCM0209", FindingSeverity.Warning,
        "trafficPolicy has no effect: {0} is for the same host, and its policy counts.",
        "Rules for one host in one namespace are merged: subsets of all, but the trafficPolicy of the oldest that has one.",
        "Make one rule of them.",
        Circuits) { SameAs = ["KIA0201"] };

    /// <summary>No limit of requests under HTTP/2.</summary>
    public static readonly FindingRule RequestLimitMissing = new(
        "VCM0205", FindingSeverity.Warning,
        "{0} is called over HTTP/2, and its limits have no http2MaxRequests.",
        "Under HTTP/2 one connection carries every request: maxConnections and http1MaxPendingRequests never trip, and not stated there is no limit of requests.",
        "Write connectionPool.http.http2MaxRequests (it counts for HTTP/1 as well).",
        Circuits + "#ConnectionPoolSettings-HTTPSettings");

    /// <summary>A limit counts for each client's proxy.</summary>
    public static readonly FindingRule LimitPerProxy = new(
        "VCM0206", FindingSeverity.Info,
        "{0} {1} of {2} counts for each client's proxy: with {3} of them it lets up to {4} through.",
        "Each Envoy keeps its own count of connections and requests; there is no common one.",
        "Divide what the service can take by the number of its clients, or limit it at the service (rate limit).",
        Circuits + "#ConnectionPoolSettings");

    /// <summary>A DestinationRule for a host that nothing has.</summary>
    public static readonly FindingRule RuleHostUnknown = new(
        "VCM0210", FindingSeverity.Warning,
        "The host {0} is no service and no ServiceEntry: the rule is never used.",
        "A short name is a service of the rule's own namespace.",
        "Correct the host; of another namespace write name.namespace.svc.cluster.local.",
        Circuits) { SameAs = ["IST0174", "KIA0202"] };

    /// <summary>A subset without pods.</summary>
    public static readonly FindingRule SubsetWithoutPods = new(
        "VCM0211", FindingSeverity.Error,
        "No pod has the labels of subset {0} ({1}).",
        "Requests for a subset without endpoints are answered with 503 (flag UH).",
        "Correct the labels, or deploy the version.",
        Circuits + "#Subset") { SameAs = ["IST0173", "KIA0203"] };

    /// <summary>A route to a host that does not exist.</summary>
    public static readonly FindingRule RouteHostUnknown = new(
        "VCM0212", FindingSeverity.Error,
        "The destination {0} is no service and no ServiceEntry.",
        "Requests for it are answered with 503 (flag NC).",
        "Correct the host; of another namespace write name.namespace.svc.cluster.local.",
        Routes + "#Destination") { SameAs = ["IST0101", "KIA1101"] };

    /// <summary>A route to a subset that no DestinationRule defines.</summary>
    public static readonly FindingRule RouteSubsetUnknown = new(
        "VCM0213", FindingSeverity.Error,
        "No DestinationRule defines subset {1} of {0}.",
        "Without it there is no cluster for the route: requests are answered with 503 (flag NC).",
        "Add the subset to the DestinationRule of {0}, or remove it from the route.",
        Routes + "#Destination") { SameAs = ["IST0101", "KIA1107"] };

    /// <summary>A route for a gateway that does not exist.</summary>
    public static readonly FindingRule GatewayUnknown = new(
        "VCM0214", FindingSeverity.Error,
        "The gateway {0} does not exist.",
        "A name without a namespace is a Gateway of the VirtualService's own namespace.",
        "Correct the name (namespace/name), or create the Gateway.",
        Routes) { SameAs = ["IST0101", "KIA1102"] };

    /// <summary>A Gateway that no workload serves.</summary>
    public static readonly FindingRule GatewayWithoutPods = new(
        "VCM0215", FindingSeverity.Error,
        "No pod has the labels {0}: no proxy serves this Gateway.",
        "The selector of a Gateway names labels of gateway pods.",
        "Correct the selector, or install the gateway.",
        Gateways) { SameAs = ["IST0101", "KIA0302"] };

    /// <summary>A policy for no workload.</summary>
    public static readonly FindingRule SelectorWithoutPods = new(
        "VCM0216", FindingSeverity.Warning,
        "No pod of the mesh{0} is in {1}: the {2} has no effect.",
        "A selector names labels of pods in the namespace of the object, or in all namespaces from the root namespace; without a proxy nobody carries a policy out.",
        "Correct the selector or the namespace.",
        "https://istio.io/latest/docs/reference/config/type/workload-selector/") { SameAs = ["IST0127", "KIA0004"] };

    /// <summary>A Sidecar for no workload.</summary>
    public static readonly FindingRule SidecarWithoutPods = new(
        "VCM0217", FindingSeverity.Error,
        "No pod has the labels {0} in {1}: the Sidecar has no effect.",
        "A workload selector names labels of pods in the namespace of the Sidecar.",
        "Correct the selector or the namespace.",
        "https://istio.io/latest/docs/reference/config/networking/sidecar/") { SameAs = ["IST0101", "KIA0004"] };

    /// <summary>exportTo names nothing.</summary>
    public static readonly FindingRule ExportNamespaceUnknown = new(
        "VCM0218", FindingSeverity.Error,
        "exportTo names the namespace {0}, which does not exist.",
        "The object is seen in the namespaces of exportTo only ('.' is its own, '*' are all).",
        "Correct the name.",
        Visibility) { SameAs = ["KIA0005"] };

    /// <summary>Two VirtualServices for one host.</summary>
    public static readonly FindingRule HostTwice = new(
        "VCM0220", FindingSeverity.Error,
        "{0} has routes for {1} as well.",
        "Sidecars use one VirtualService for a host, the oldest; the others are left out. Only gateways merge them.",
        "Put the routes into one VirtualService, or limit them with exportTo.",
        "https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services") { SameAs = ["IST0109", "KIA1106"] };

    /// <summary>Several Sidecars for all of a namespace.</summary>
    public static readonly FindingRule SidecarTwice = new(
        "VCM0221", FindingSeverity.Error,
        "{0} is for all workloads of {1} as well.",
        "One Sidecar without workload selector counts in a namespace; which one is not defined.",
        "Keep one.",
        "https://istio.io/latest/docs/reference/config/networking/sidecar/") { SameAs = ["IST0111", "KIA0002"] };

    /// <summary>Several Sidecars for one pod.</summary>
    public static readonly FindingRule SidecarOverlap = new(
        "VCM0222", FindingSeverity.Error,
        "{0} selects pod {1} as well.",
        "One Sidecar counts for a workload; which one is not defined.",
        "Make the selectors exclude each other.",
        "https://istio.io/latest/docs/reference/config/networking/sidecar/") { SameAs = ["IST0110", "KIA0003"] };

    /// <summary>Labels of injection that contradict each other.</summary>
    public static readonly FindingRule InjectionLabelConflict = new(
        "VCM0240", FindingSeverity.Warning,
        "The namespace has {0}.",
        "istio-injection is looked at first: with it, istio.io/rev has no effect and an upgrade by revision does nothing.",
        "Keep one of the labels: Set-MeshInjection removes the other in the same request.",
        Injection) { SameAs = ["IST0123"] };

    /// <summary>A revision that nobody serves.</summary>
    public static readonly FindingRule RevisionUnserved = new(
        "VCM0241", FindingSeverity.Error,
        "No webhook serves {0}={1}: new pods start without a sidecar.",
        "The label names a revision or tag that is not installed.",
        "Install it, or label the namespace with one that is.",
        Injection);

    /// <summary>A namespace that says nothing about injection.</summary>
    public static readonly FindingRule NamespaceSilent = new(
        "VCM0242", FindingSeverity.Info,
        "The namespace is not part of the mesh, and nothing says that this is wanted.",
        "Without a label no sidecar is injected.",
        "Label it istio-injection=enabled or istio.io/rev=REVISION, or istio-injection=disabled where it stays outside.",
        Injection) { SameAs = ["IST0102"] };

    /// <summary>A pod that should have a sidecar.</summary>
    public static readonly FindingRule PodWithoutProxy = new(
        "VCM0243", FindingSeverity.Warning,
        "The pod has no sidecar though its namespace is injected.",
        "Pods are injected when they are created: it was there before the label, or the webhook was not reached.",
        "Restart its workload.",
        Problems) { SameAs = ["IST0103"] };

    /// <summary>A webhook whose service is gone.</summary>
    public static readonly FindingRule DanglingWebhook = new(
        "VCM0244", FindingSeverity.Error,
        "Webhook {0} calls the service {1}, which does not exist.",
        "With failurePolicy Fail the API server refuses whatever the webhook is for: pods cannot start, or Istio's objects cannot be changed.",
        "Remove the webhook configuration, or install the control plane again.",
        Problems) { SameAs = ["IST0139"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        RetriesBeyondTimeout, RetriesMultiply, EjectionImpossible, LocalityUnasked, RequestLimitMissing, LimitPerProxy, EjectionOff, RuleNeverSelected,
        PolicyHidden, RuleHostUnknown, SubsetWithoutPods, RouteHostUnknown, RouteSubsetUnknown, GatewayUnknown, GatewayWithoutPods,
        SelectorWithoutPods, SidecarWithoutPods, ExportNamespaceUnknown, HostTwice, SidecarTwice, SidecarOverlap, InjectionLabelConflict,
        RevisionUnserved, NamespaceSilent, PodWithoutProxy, DanglingWebhook,
    ];
}
