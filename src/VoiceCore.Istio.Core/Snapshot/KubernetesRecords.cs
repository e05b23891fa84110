using System.Globalization;

namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>A Namespace; its labels decide about injection. <see cref="MeshObject.Namespace"/> is empty.</summary>
public sealed record NamespaceRecord : MeshObject;

/// <summary>A Service.</summary>
public sealed record ServiceRecord : MeshObject
{
    /// <summary><c>ClusterIP</c>, <c>NodePort</c>, <c>LoadBalancer</c> or <c>ExternalName</c>.</summary>
    public string Type { get; init; } = "ClusterIP";

    /// <summary>The cluster IP; empty where not assigned, <c>None</c> for a headless service.</summary>
    public string ClusterIP { get; init; } = "";

    /// <summary>The name that an <c>ExternalName</c> service stands for.</summary>
    public string ExternalName { get; init; } = "";

    /// <summary>The ports.</summary>
    public IReadOnlyList<ServicePortRecord> Ports { get; init; } = [];

    /// <summary>The pod selector; empty where endpoints are kept by somebody else.</summary>
    public LabelSet Selector { get; init; } = LabelSet.Empty;

    /// <summary>Annotation <c>networking.istio.io/exportTo</c>; null where not set.</summary>
    public IReadOnlyList<string>? ExportTo { get; init; }

    /// <summary>True where not ready pods are sent traffic as well.</summary>
    public bool PublishNotReadyAddresses { get; init; }

    /// <summary>True for <c>internalTrafficPolicy: Local</c>: only endpoints of the caller's node.</summary>
    public bool NodeLocal { get; init; }

    /// <summary>True for a service without a virtual IP.</summary>
    public bool IsHeadless => ClusterIP == "None";
}

/// <summary>A port of a Service.</summary>
/// <param name="Name">The port's name; empty where the only port has none.</param>
/// <param name="Port">The service port.</param>
/// <param name="TargetPort">Number or name of the workload port; empty or 0 means the service port.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="AppProtocol">Kubernetes' <c>appProtocol</c>, or null.</param>
public sealed record ServicePortRecord(string Name, int Port, string TargetPort, string Protocol, string? AppProtocol)
{
    /// <summary>
    /// The number of the workload port, which is the service port's where none or 0 is given; null for a name, under which each workload has a
    /// number of its own. Source: the API server's defaults (<c>SetDefaults_Service</c> in pkg/apis/core/v1/defaults.go of Kubernetes),
    /// <c>findServiceTargetPort</c> in pilot/pkg/serviceregistry/kube/controller/util.go and
    /// <c>convertWorkloadInstanceToServiceInstance</c> in pilot/pkg/serviceregistry/serviceentry/conversion.go.
    /// </summary>
    internal int? TargetNumber =>
        TargetPort.Length == 0 ? Port
        : !int.TryParse(TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null
        : number > 0 ? number : Port;
}

/// <summary>An EndpointSlice.</summary>
public sealed record EndpointSliceRecord : MeshObject
{
    /// <summary>The service it belongs to (label <c>kubernetes.io/service-name</c>); empty where it belongs to none.</summary>
    public required string Service { get; init; }

    /// <summary><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public string AddressType { get; init; } = "IPv4";

    /// <summary>The ports of all its endpoints.</summary>
    public IReadOnlyList<EndpointPortRecord> Ports { get; init; } = [];

    /// <summary>The endpoints.</summary>
    public IReadOnlyList<EndpointRecord> Endpoints { get; init; } = [];
}

/// <summary>A port of an EndpointSlice.</summary>
/// <param name="Name">The name of the service port.</param>
/// <param name="Port">The workload port.</param>
public sealed record EndpointPortRecord(string Name, int Port);

/// <summary>One endpoint of an EndpointSlice.</summary>
/// <param name="Address">The first address, which is the only one in use.</param>
/// <param name="Pod">Name of the pod in the slice's namespace; null where no pod is behind it.</param>
/// <param name="Ready">Ready to serve (also where the condition is absent).</param>
/// <param name="Terminating">On its way out.</param>
/// <param name="Node">The node, or null.</param>
/// <param name="Zone">The zone, or null.</param>
public sealed record EndpointRecord(string Address, string? Pod, bool Ready, bool Terminating, string? Node, string? Zone);

/// <summary>A Pod: what decides about injection, identity, policy and the proxy's version. Environment and volumes are never read.</summary>
public sealed record PodRecord : MeshObject
{
    /// <summary>The service account; <c>default</c> where none is named.</summary>
    public string ServiceAccount { get; init; } = "default";

    /// <summary>The node, or empty.</summary>
    public string Node { get; init; } = "";

    /// <summary>True where the pod shares the node's network: it is never injected.</summary>
    public bool HostNetwork { get; init; }

    /// <summary><c>securityContext.runAsUser</c> of the pod; null where not given.</summary>
    public long? RunAsUser { get; init; }

    /// <summary>The pod's IP; empty where it has none yet.</summary>
    public string IP { get; init; } = "";

    /// <summary><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The condition <c>Ready</c>.</summary>
    public bool Ready { get; init; }

    /// <summary>Containers and init containers.</summary>
    public IReadOnlyList<ContainerRecord> Containers { get; init; } = [];

    /// <summary>Kind and name of the controlling owner, such as <c>ReplicaSet/tenant-7c9</c>; null for a bare pod.</summary>
    public string? Owner { get; init; }

    /// <summary>The proxy container; from Istio 1.27 on it is an init container as a rule. Null without one.</summary>
    public ContainerRecord? Proxy => Containers.FirstOrDefault(container => container.Name == IstioNames.Proxy);

    /// <summary>
    /// True where the pod has a sidecar: the injector left its mark (label <c>security.istio.io/tlsMode</c>, annotation
    /// <c>sidecar.istio.io/status</c>) or the proxy container is there.
    /// </summary>
    public bool HasSidecar => Labels[IstioNames.TlsModeLabel] is not null || Annotations[IstioNames.SidecarStatus] is not null || Proxy is not null;

    /// <summary>
    /// True for a gateway (or waypoint): its proxy is no sidecar. Sidecars and PeerAuthentications are not for it, and what it takes its Gateways say.
    /// </summary>
    public bool IsGateway => Proxy is { IsRouter: true };

    /// <summary>True for a pod that has done its work or failed: it counts for nothing any more.</summary>
    internal bool HasEnded => Phase is "Succeeded" or "Failed";

    /// <summary>True where it may call services. istiod itself calls none; pods that have ended call none any more.</summary>
    internal bool IsCaller => !HasEnded && Labels["app"] != "istiod";

    /// <summary>True where clients with automatic mTLS may use it with this pod: the label that the injector sets.</summary>
    public bool AcceptsIstioMutualTls => Labels[IstioNames.TlsModeLabel] == "istio";
}

/// <summary>A container of a pod.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Image">The image.</param>
/// <param name="IsInit">True for an init container (native sidecars are init containers).</param>
public sealed record ContainerRecord(string Name, string Image, bool IsInit)
{
    /// <summary><c>securityContext.runAsUser</c>; null where not given.</summary>
    public long? RunAsUser { get; init; }

    /// <summary>True where the arguments make a proxy a gateway's (<c>router</c>) or a waypoint's. Of the arguments nothing else is read.</summary>
    public bool IsRouter { get; init; }

    /// <summary>The numbers of TCP ports by their names; not of an init container that ends before the others start.</summary>
    public LabelSet NamedPorts { get; init; } = LabelSet.Empty;
}

/// <summary>
/// A CustomResourceDefinition of a group that Istio serves with, or once served. <see cref="MeshObject.Namespace"/> is empty; its schema is not read.
/// </summary>
public sealed record CustomResourceRecord : MeshObject
{
    /// <summary>The annotation that says which release of the Gateway API the definition is of.</summary>
    internal const string BundleAnnotation = "gateway.networking.k8s.io/bundle-version";

    /// <summary>The release of the Gateway API, such as <c>v1.4.0</c>; empty for a definition of another group, and where nothing says it.</summary>
    public string BundleVersion { get; init; } = "";

    /// <summary>True for the definitions that are kept.</summary>
    internal static bool IsKept(string name) =>
        name.EndsWith(".gateway.networking.k8s.io", StringComparison.Ordinal) || name.EndsWith(".rbac.istio.io", StringComparison.Ordinal);
}
