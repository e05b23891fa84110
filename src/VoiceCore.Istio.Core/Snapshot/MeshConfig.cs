namespace VoiceCore.Istio.Core.Snapshot;

/// <summary>The mesh config as istiod uses it: what is given, else Istio's default (<c>pkg/config/mesh/mesh.go</c>).</summary>
public sealed record MeshConfig
{
    /// <summary>The config of a mesh that says nothing.</summary>
    public static readonly MeshConfig Default = new();

    /// <summary>The namespace whose policies hold for the whole mesh.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>Whether clients use mutual TLS by themselves where the server can.</summary>
    public bool EnableAutoMtls { get; init; } = true;

    /// <summary>The trust domain of identities.</summary>
    public string TrustDomain { get; init; } = "cluster.local";

    /// <summary>Former trust domains that are still taken.</summary>
    public IReadOnlyList<string> TrustDomainAliases { get; init; } = [];

    /// <summary><c>ALLOW_ANY</c>, <c>ALLOW_ANY_DYNAMIC_DNS</c> or <c>REGISTRY_ONLY</c>: calls to unknown destinations.</summary>
    public string OutboundTrafficPolicy { get; init; } = "ALLOW_ANY";

    /// <summary>Who sees a DestinationRule without <c>exportTo</c>.</summary>
    public IReadOnlyList<string> DefaultDestinationRuleExportTo { get; init; } = ["*"];

    /// <summary>Who sees a VirtualService without <c>exportTo</c>.</summary>
    public IReadOnlyList<string> DefaultVirtualServiceExportTo { get; init; } = ["*"];

    /// <summary>Who sees a service without <c>exportTo</c>.</summary>
    public IReadOnlyList<string> DefaultServiceExportTo { get; init; } = ["*"];

    /// <summary>How far ServiceEntries are seen beside what they say themselves; null where nothing narrows that for sidecars.</summary>
    public ServiceEntryVisibility? ServiceEntryVisibility { get; init; }

    /// <summary>Retries of routes that give none; null = Istio's own default.</summary>
    public HttpRetry? DefaultHttpRetryPolicy { get; init; }

    /// <summary>Time to connect where no rule gives one.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>h2UpgradePolicy</c> of the mesh: <c>DO_NOT_UPGRADE</c> or <c>UPGRADE</c>.</summary>
    public string H2UpgradePolicy { get; init; } = "DO_NOT_UPGRADE";

    /// <summary>Connection pool for clusters without one; null as a rule.</summary>
    public ConnectionPool? DefaultConnectionPool { get; init; }

    /// <summary>Outlier detection for clusters without one; null as a rule.</summary>
    public OutlierDetection? DefaultOutlierDetection { get; init; }

    /// <summary>False for <c>localityLbSetting.enabled: false</c>.</summary>
    public bool LocalityLoadBalancing { get; init; } = true;

    /// <summary>How paths are normalised before authorization: <c>BASE</c> and others; <c>DEFAULT</c> means <c>BASE</c>.</summary>
    public string PathNormalization { get; init; } = "DEFAULT";

    /// <summary>Namespaces that istiod looks at: any of these; none means all.</summary>
    public IReadOnlyList<LabelSelector> DiscoverySelectors { get; init; } = [];

    /// <summary>True where <c>defaultProviders.accessLogging</c> names one.</summary>
    public bool HasDefaultAccessLog { get; init; }

    /// <summary><c>defaultConfig.proxyMetadata</c>: the environment of every proxy, as far as it is known to be Istio's own (<c>ISTIO_*</c>, times of certificates).</summary>
    public LabelSet ProxyMetadata { get; init; } = LabelSet.Empty;

    /// <summary><c>defaultConfig.image.imageType</c>, such as <c>distroless</c>; empty for the usual one.</summary>
    public string ProxyImageType { get; init; } = "";

    /// <summary>The extension providers.</summary>
    public IReadOnlyList<ExtensionProvider> ExtensionProviders { get; init; } = [];
}

/// <summary>An extension provider of the mesh config.</summary>
/// <param name="Name">The name that policies use.</param>
/// <param name="Kind">The field that describes it, such as <c>envoyExtAuthzGrpc</c>.</param>
public sealed record ExtensionProvider(string Name, string Kind);
