namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>Labels and annotations of Istio that the rules look at.</summary>
public static class IstioNames
{
    /// <summary>Label that the injector sets to <c>istio</c>: the pod takes mutual TLS of the mesh.</summary>
    public const string TlsModeLabel = "security.istio.io/tlsMode";

    /// <summary>Annotation that the injector writes: JSON with the revision and the names of what it added.</summary>
    public const string SidecarStatus = "sidecar.istio.io/status";

    /// <summary>Label of namespaces and pods: the revision or tag that injects.</summary>
    public const string Revision = "istio.io/rev";

    /// <summary>Label of MutatingWebhookConfigurations: the tag that they serve.</summary>
    public const string Tag = "istio.io/tag";

    /// <summary>Label of namespaces: <c>enabled</c> or <c>disabled</c>.</summary>
    public const string Injection = "istio-injection";

    /// <summary>Label (or, by old habit, annotation) of pods: <c>true</c> or <c>false</c>.</summary>
    public const string Inject = "sidecar.istio.io/inject";

    /// <summary>Annotation of pods: the templates that make the proxy; <c>gateway</c> for a gateway.</summary>
    internal const string Templates = "inject.istio.io/templates";

    /// <summary>Annotation of AuthorizationPolicies: evaluated, and not enforced.</summary>
    internal const string DryRun = "istio.io/dry-run";

    /// <summary>The name of the proxy's container.</summary>
    internal const string Proxy = "istio-proxy";

    /// <summary>Label of namespaces and pods: <c>ambient</c> or <c>none</c>.</summary>
    public const string DataPlaneMode = "istio.io/dataplane-mode";

    /// <summary>Label of namespaces, services and pods: the waypoint that handles their requests; <c>none</c> for no one.</summary>
    public const string UseWaypoint = "istio.io/use-waypoint";

    /// <summary>Label: the namespace of that waypoint, where it is another one.</summary>
    internal const string UseWaypointNamespace = "istio.io/use-waypoint-namespace";

    /// <summary>Annotation of services: the namespaces that see them.</summary>
    public const string ExportTo = "networking.istio.io/exportTo";

    /// <summary>Annotation of objects: the codes of findings that do not count for them.</summary>
    internal const string AnalyzeSuppress = "galley.istio.io/analyze-suppress";

    /// <summary>Annotation of ServiceEntries: with <c>RACE_FIRST_TCP_CONNECT</c> connections to all addresses of a name are tried.</summary>
    internal const string ConnectStrategy = "istio.io/connect-strategy";

    /// <summary>Annotation of Ingress objects: who serves them.</summary>
    public const string IngressClass = "kubernetes.io/ingress.class";

    /// <summary>The name that sidecars have among the gateways of a VirtualService.</summary>
    public const string MeshGateway = "mesh";

    /// <summary>What begins the identity in a certificate; policies leave it out.</summary>
    internal const string SpiffeScheme = "spiffe://";

    /// <summary>The identity of a service account as policies write it. Source: pkg/spiffe/spiffe.go.</summary>
    internal static string Principal(string trustDomain, string @namespace, string account) => $"{trustDomain}/ns/{@namespace}/sa/{account}";
}
