namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>
/// The state of a mesh at one time, immutable: what Istio decides from, and nothing secret. Each list is in the order of namespace and name,
/// whatever order the objects were read in.
/// </summary>
public sealed record MeshSnapshot
{
    /// <summary>A snapshot of nothing.</summary>
    public static readonly MeshSnapshot Empty = new();

    /// <summary>Where it was read from: a context's name, a folder, a file.</summary>
    public string Source { get; init; } = "";

    /// <summary>When it was read (UTC, whole seconds); null where nobody said, as for files.</summary>
    public DateTime? Taken { get; init; }

    /// <summary>True for the whole of a cluster: what is not here does not exist. Files may be a part only.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Kinds of the cluster that the caller may not list and without which the mesh can be judged, such as <c>Rollout</c>. They are not saved.</summary>
    internal IReadOnlyList<string> Unlisted { get; init; } = [];

    /// <summary>The mesh config.</summary>
    public MeshConfig Mesh { get; init; } = MeshConfig.Default;

    /// <summary>The cluster's DNS domain.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Namespaces.</summary>
    public IReadOnlyList<NamespaceRecord> Namespaces { get; init; } = [];

    /// <summary>Services.</summary>
    public IReadOnlyList<ServiceRecord> Services { get; init; } = [];

    /// <summary>EndpointSlices.</summary>
    public IReadOnlyList<EndpointSliceRecord> EndpointSlices { get; init; } = [];

    /// <summary>Pods.</summary>
    public IReadOnlyList<PodRecord> Pods { get; init; } = [];

    /// <summary>Deployments.</summary>
    public IReadOnlyList<DeploymentRecord> Deployments { get; init; } = [];

    /// <summary>What the control planes inject.</summary>
    public IReadOnlyList<InjectorRecord> Injectors { get; init; } = [];

    /// <summary>PeerAuthentications.</summary>
    public IReadOnlyList<PeerAuthentication> PeerAuthentications { get; init; } = [];

    /// <summary>RequestAuthentications.</summary>
    public IReadOnlyList<RequestAuthentication> RequestAuthentications { get; init; } = [];

    /// <summary>AuthorizationPolicies.</summary>
    public IReadOnlyList<AuthorizationPolicy> AuthorizationPolicies { get; init; } = [];

    /// <summary>DestinationRules.</summary>
    public IReadOnlyList<DestinationRule> DestinationRules { get; init; } = [];

    /// <summary>VirtualServices.</summary>
    public IReadOnlyList<VirtualService> VirtualServices { get; init; } = [];

    /// <summary>Sidecars.</summary>
    public IReadOnlyList<Sidecar> Sidecars { get; init; } = [];

    /// <summary>ServiceEntries.</summary>
    public IReadOnlyList<ServiceEntry> ServiceEntries { get; init; } = [];

    /// <summary>WorkloadEntries.</summary>
    public IReadOnlyList<WorkloadEntry> WorkloadEntries { get; init; } = [];

    /// <summary>Gateways.</summary>
    public IReadOnlyList<GatewayRecord> Gateways { get; init; } = [];

    /// <summary>Objects of Istio's other kinds: Telemetry, EnvoyFilter, ProxyConfig, WasmPlugin, WorkloadGroup.</summary>
    public IReadOnlyList<IstioObject> OtherIstioObjects { get; init; } = [];

    /// <summary>Gateways, HTTPRoutes, GRPCRoutes and ReferenceGrants of the Gateway API.</summary>
    public IReadOnlyList<IstioObject> GatewayApiObjects { get; init; } = [];

    /// <summary>What steers the weights of VirtualServices: Rollouts of Argo Rollouts and Canaries of Flagger.</summary>
    public IReadOnlyList<TrafficController> TrafficControllers { get; init; } = [];

    /// <summary>Mutating and validating webhook configurations.</summary>
    public IReadOnlyList<WebhookConfiguration> Webhooks { get; init; } = [];

    /// <summary>CustomResourceDefinitions of the Gateway API, and of groups that Istio has dropped.</summary>
    public IReadOnlyList<CustomResourceRecord> CustomResources { get; init; } = [];

    /// <summary>How many objects it holds.</summary>
    public int Count => Lists.Sum(list => list.Count);

    /// <summary>The names of namespaces; of a part of a mesh also of those that objects are in, for manifests need not hold the Namespace itself.</summary>
    internal IEnumerable<string> NamespaceNames =>
        Namespaces.Select(item => item.Name).Concat(IsComplete ? [] : Lists.SelectMany(list => list).Select(item => item.Namespace)).Distinct();

    /// <summary>The objects of Istio and of the Gateway API, kind by kind.</summary>
    internal IEnumerable<IstioObject> IstioObjects => IstioLists.SelectMany(list => list);

    private IReadOnlyList<IstioObject>[] IstioLists =>
    [
        PeerAuthentications, RequestAuthentications, AuthorizationPolicies, DestinationRules, VirtualServices, Sidecars, ServiceEntries,
        WorkloadEntries, Gateways, OtherIstioObjects, GatewayApiObjects,
    ];

    private IReadOnlyList<MeshObject>[] Lists =>
    [
        Namespaces, Services, EndpointSlices, Pods, Deployments, Injectors, .. IstioLists, TrafficControllers, Webhooks, CustomResources,
    ];
}
