namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0281 to VCM0299: policies and telemetry that have no effect, another one than they read, or contradict each other.</summary>
public static class PolicyFindings
{
    private const string Authorization = "https://istio.io/latest/docs/reference/config/security/authorization-policy/";
    private const string Mtls = "https://istio.io/latest/docs/reference/config/security/peer_authentication/";
    private const string Telemetry = "https://istio.io/latest/docs/reference/config/telemetry/";
    private const string Ambient = "https://istio.io/latest/docs/ambient/usage/";

    /// <summary>A namespace that does not exist.</summary>
    public static readonly FindingRule NamespaceUnknown = new(
        "VCM0281", FindingSeverity.Error,
        "The policy names the namespace {0}, which does not exist.",
        "Nobody calls from a namespace that does not exist: the rule never matches (or, with notNamespaces, always).",
        "Correct the namespace.",
        Authorization + "#Source") { SameAs = ["IST0101", "KIA0101"] };

    /// <summary>A method that HTTP does not have.</summary>
    public static readonly FindingRule MethodUnknown = new(
        "VCM0282", FindingSeverity.Warning,
        "'{0}' is no method of HTTP: the rule never matches it.",
        "Methods are compared as they are, in capitals; a star may stand at the beginning or end. gRPC is always POST.",
        "Correct the method.",
        Authorization + "#Operation") { SameAs = ["KIA0102"] };

    /// <summary>A rule by identity where callers have none.</summary>
    public static readonly FindingRule IdentityMissing = new(
        "VCM0283", FindingSeverity.Error,
        "The policy decides by {0}, and callers come without a certificate of the mesh ({1}).",
        "Identity and namespace of a caller stand in its client certificate; a call in plain text has none, so that such a rule never matches it.",
        "Let the callers use mutual TLS, or decide by something else.",
        Authorization + "#Source") { SameAs = ["KIA0105"] };

    /// <summary>An identity that nobody has.</summary>
    public static readonly FindingRule PrincipalUnknown = new(
        "VCM0284", FindingSeverity.Warning,
        "No pod runs as {0}.",
        "A principal is trust-domain/ns/NAMESPACE/sa/ACCOUNT of the caller's pod.",
        "Correct the principal, or the service account of the pods.",
        Authorization + "#Source") { SameAs = ["KIA0106"] };

    /// <summary>Several policies for all of a namespace.</summary>
    public static readonly FindingRule PeerPolicyTwice = new(
        "VCM0285", FindingSeverity.Error,
        "{0} is for all workloads of {1} as well; the oldest counts.",
        "One PeerAuthentication without selector counts in a namespace; the others are ignored.",
        "Keep one.",
        Mtls) { SameAs = ["KIA0002"] };

    /// <summary>Several policies for one pod.</summary>
    public static readonly FindingRule PeerPolicyOverlap = new(
        "VCM0286", FindingSeverity.Error,
        "{0} selects pod {1} as well; the oldest counts.",
        "One PeerAuthentication with selector counts for a workload; the others are ignored.",
        "Make the selectors exclude each other, or make one policy of them.",
        Mtls) { SameAs = ["KIA0003"] };

    /// <summary>Several Telemetry objects for all of a namespace.</summary>
    public static readonly FindingRule TelemetryTwice = new(
        "VCM0287", FindingSeverity.Error,
        "{0} is for all workloads of {1} as well.",
        "One Telemetry without selector counts in a namespace.",
        "Make one of them.",
        Telemetry) { SameAs = ["IST0160"] };

    /// <summary>Several Telemetry objects for one pod.</summary>
    public static readonly FindingRule TelemetryOverlap = new(
        "VCM0288", FindingSeverity.Error,
        "{0} selects pod {1} as well.",
        "One Telemetry with selector counts for a workload.",
        "Make the selectors exclude each other.",
        Telemetry) { SameAs = ["IST0159"] };

    /// <summary>A Telemetry for no workload.</summary>
    public static readonly FindingRule TelemetryWithoutPods = new(
        "VCM0289", FindingSeverity.Error,
        "No pod has the labels {0} in {1}: the Telemetry has no effect.",
        "A selector names labels of pods in the namespace of the object.",
        "Correct the selector or the namespace.",
        Telemetry) { SameAs = ["IST0101", "KIA0004"] };

    /// <summary>An access log that goes nowhere.</summary>
    public static readonly FindingRule LogWithoutProvider = new(
        "VCM0290", FindingSeverity.Warning,
        "accessLogging names no provider, and the mesh has no default one: nothing is logged.",
        "A provider says where the log goes; defaultProviders.accessLogging of the mesh config is taken where none is named.",
        "Name a provider (envoy writes to standard output).",
        Telemetry + "#AccessLogging") { SameAs = ["IST0157"] };

    /// <summary>A provider that Istio drops.</summary>
    public static readonly FindingRule ProviderDeprecated = new(
        "VCM0291", FindingSeverity.Warning,
        "The provider {0} is of kind {1}, which is deprecated.",
        "Lightstep takes OpenTelemetry now, and Istio drops the old exporter.",
        "Use an opentelemetry provider.",
        Telemetry + "#Tracing") { SameAs = ["IST0002"] };

    /// <summary>A selector where a target is needed.</summary>
    public static readonly FindingRule SelectorOnGateway = new(
        "VCM0292", FindingSeverity.Warning,
        "The selector matches pods of the Gateway {0}, for which a selector has no effect.",
        "Policies for a Gateway of the Gateway API name it in targetRefs.",
        "Write targetRefs in place of the selector.",
        "https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference") { SameAs = ["IST0166"] };

    /// <summary>A Sidecar for pods without sidecar.</summary>
    public static readonly FindingRule SidecarInAmbient = new(
        "VCM0293", FindingSeverity.Warning,
        "{0} in ambient mode: the Sidecar has no effect.",
        "In ambient mode there is no sidecar that could be limited.",
        "Remove the Sidecar.",
        Ambient) { SameAs = ["IST0167"] };

    /// <summary>A policy that can never refuse.</summary>
    public static readonly FindingRule DenyWithoutRules = new(
        "VCM0294", FindingSeverity.Warning,
        "Action {0} without rules matches no request: the policy has no effect.",
        "A policy without rules never matches. With ALLOW that refuses everything; with any other action it does nothing.",
        "Write rules: an empty rule, rules: [{{}}], matches every request.",
        Authorization);

    /// <summary>A workload policy in the root namespace that Istio ignores.</summary>
    public static readonly FindingRule RootPeerPolicySelects = new(
        "VCM0295", FindingSeverity.Warning,
        "A PeerAuthentication of the root namespace with a selector is ignored.",
        "In the root namespace only the policy without selector counts, for the mesh.",
        "Remove the selector, or move the policy to the namespace of the workloads.",
        Mtls);

    /// <summary>An identity of another mesh.</summary>
    public static readonly FindingRule TrustDomainUnknown = new(
        "VCM0296", FindingSeverity.Info,
        "The trust domain of {0} is not one of the mesh's ({1}).",
        "Callers of the mesh have its trust domain; one of another mesh is known only where the meshes trust each other.",
        "Correct the trust domain, unless a trusted mesh is meant; add former ones of this mesh to trustDomainAliases.",
        "https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/") { SameAs = ["KIA0108"] };

    /// <summary>A host that nobody asks for.</summary>
    public static readonly FindingRule HostUnknown = new(
        "VCM0297", FindingSeverity.Warning,
        "The policy decides by the host {0}, which is no service and no host of a route.",
        "Hosts are compared with the host header as it was sent; callers send the name of a service that exists.",
        "Correct the host.",
        Authorization + "#Operation") { SameAs = ["KIA0104"] };

    /// <summary>Workloads that access control has left out.</summary>
    public static readonly FindingRule WorkloadUncovered = new(
        "VCM0298", FindingSeverity.Info,
        "{0} workloads ({1}) are covered by no AuthorizationPolicy, though others of the namespace are.",
        "Where no policy is for a workload, everybody may call it.",
        "Add a policy for them, or one without rules and selector for the namespace, which refuses what no other allows.",
        "https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns") { SameAs = ["KIA1301"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        NamespaceUnknown, MethodUnknown, IdentityMissing, PrincipalUnknown, PeerPolicyTwice, PeerPolicyOverlap, TelemetryTwice, TelemetryOverlap,
        TelemetryWithoutPods, LogWithoutProvider, ProviderDeprecated, SelectorOnGateway, SidecarInAmbient, DenyWithoutRules, RootPeerPolicySelects,
        TrustDomainUnknown, HostUnknown, WorkloadUncovered,
    ];
}
